"""The engine in this process: a Llama 4 checkpoint through transformers."""
