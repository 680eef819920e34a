# Saying what answers, and where

disclosure = You are talking to { $assistant }, an AI assistant: a program answers here, not a person, and it can be wrong. /about says which one, /privacy who can read this.{ $llama ->
    [yes] {" "}Built with Llama.
   *[no] {""}
}
goes-elsewhere = Before I answer: from now on, what you write and send here is also read by a server that is not my operator’s own machine: { $places }. It was chosen by my operator. If you do not want that, do not go on; /new lets me forget what was said before, /delete removes it, /privacy says more.
