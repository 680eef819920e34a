"""The bot in front of vLLM: `make test-vllm`, apart from the other tests as it takes minutes."""
