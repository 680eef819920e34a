"""The engine in this process: a Llama 4 checkpoint through transformers."""

import logging

# Importing transformers imports torchao, which announces each time what torch will do one day.
# A filter, since importing torch sets the levels of its loggers anew.
logging.getLogger("torch.utils._pytree").addFilter(lambda record: record.levelno > logging.WARNING)
