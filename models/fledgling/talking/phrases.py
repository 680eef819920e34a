"""What people ask about pictures. Words in braces are filled in."""

LOOK = (
    "What is in this picture?", "What is this?", "What's this?", "What do you see?",
    "Describe it.", "What is in the picture?", "What can you see in this image?",
    "Describe this picture.", "Describe the image.", "describe", "?", "??", "What is it?",
    "What is on this picture?", "What does this picture show?", "Describe what you see.",
    "Can you see this?", "Look!", "What have I drawn?", "What did I draw?", "What is shown here?",
    "Guess what this is!", "Look at this, what is it?", "Tell me what you see.",
    "Do you know what this is?", "What do you see here?", "What am I looking at?",
    "What is that?", "What's that?", "what is dis", "Identify this.", "Explain this picture.",
    "Can you describe this drawing?", "What is in this photo?", "What am I holding?",
    "What is drawn here?", "what u see", "pls describe", "caption this", "What is it called?",
    "What is the name of this?", "What do you call this?", "Name this.", "Name it.",
    "Do you recognise this?", "Can you recognize it?", "I took this photo. What is it?",
    "Any idea what this is?", "What kind of thing is this?", "Which thing is this?", "what",
    "Can you tell me what this is?", "Which emoji is this?",
    "What's in the image?", "what is in the pic", "What is on the photo?", "Have a look.",
    "Check this out", "my picture", "here", "Here you go", "this", "I found this. What is it?",
)  # fmt: skip

# Of a new picture, after one was told about.
AND_THIS = (
    "And this?", "And this one?", "What about this one?", "How about this?", "this one?",
    "and that?", "Now this one.", "One more", "another one", "next", "And now?",
    "And what is this?",
)  # fmt: skip

# Of a picture already seen.
AGAIN = (
    "What was in the picture?", "What was on the picture I sent?", "What did I send you?",
    "What did you see?", "Describe it again.", "Say it again.", "Repeat that please.",
    "What was it?", "What was it again?", "What is it?", "What was that?", "what was it called",
    "What is in the picture?", "What is it again?", "Tell me again what you saw.",
    "Remind me what it was.", "What is in my picture?",
)  # fmt: skip
LATEST = (
    "What was in the last picture?", "What was in my last picture?", "What was the last one?",
    "What was the last picture?", "What did the latest picture show?", "And the last one?",
)  # fmt: skip
SURE = (
    "Are you sure?", "Really?", "Sure?", "Is that right?", "Are you certain?", "really??",
    "How sure are you?", "I do not think so.", "That is wrong.", "No, look again.", "wrong",
    "Look again.", "I don't believe you.", "Is that so?", "Can you be wrong?",
)  # fmt: skip

ASK_COLOUR = (
    "What colour is it?", "What color is it?", "Which color?", "colour?", "color?",
    "And the colour?", "Tell me the colour.", "What is its colour?", "Which colour is it?",
    "What color does it have?", "What color is the thing?", "In what colour is it drawn?",
    "What's the color?", "the color please", "Name the colour.", "What colour did I use?",
    "Can you tell me the color?", "and its color?",
)  # fmt: skip
ASK_COLOUR_AGAIN = (
    "And what colour was it?", "What colour was it?", "What color was it again?",
    "Which colour was it?", "And what color was that?", "What colour was that again?",
    "Which color did it have?", "Do you remember the colour?", "remind me of the color",
)  # fmt: skip
ASK_WORDS = (
    "What does it say?", "Read it.", "Read this to me.", "What is written here?", "Read the text.",
    "Which word is this?", "Can you read this?", "What is printed on it?",
    "What does the sign say?",
)  # fmt: skip
ASK_COUNT = (
    "How many are there?", "How many?", "Count them.", "How many things are in the picture?",
    "how many do you see", "Can you count them?", "What is the number of things?",
)  # fmt: skip

ASK_IF = (
    "Is it {this}?", "Is this {this}?", "Is that {this}?", "Do you see {this}?",
    "Is there {this} in the picture?", "I think it is {this}.", "It's {this}, right?",
    "Could it be {this}?", "It looks like {this}.", "That is {this}, isn't it?",
    "Does it show {this}?", "{this}?", "Is it really {this}?", "Surely {this}?",
)  # fmt: skip
ASK_IF_AGAIN = (
    "Was it {this}?", "Was that {this}?", "Did you see {this}?", "I think it was {this}.",
    "It was {this}, right?", "Wasn't it {this}?", "Was there {this} in the picture?",
)  # fmt: skip

DEFINE = (
    "What is {this}?", "What's {this}?", "Define {name}.", "What does {name} mean?",
    "Tell me about {this}.", "Explain {name} to me.", "What do you know about {this}?",
    "what is {this} exactly", "Explain what {this} is.", "Do you know what {this} is?",
    "definition of {name}", "What is meant by {name}?", "Can you explain {this}?",
    "And what is {this}?", "Describe {this} to a child.", "meaning of {name}",
)  # fmt: skip
DEFINE_IT = (
    "Tell me about it.", "What is that exactly?", "Tell me more.", "Tell me more about it.",
    "Explain that.", "What does that mean?", "Define it.", "more about it",
    "What do you know about it?",
    "Can you tell me something about it?", "Give me a definition.",
    "I do not know that. Explain it.",
)  # fmt: skip

PAIR = (
    "What is in these pictures?", "And these two?", "Describe both.", "What are these?",
    "Two pictures. What do they show?", "What do you see in them?", "Tell me what both show.",
    "What do these pictures show?", "Describe the two pictures.", "these two",
)  # fmt: skip
PAIR_AGAIN = (
    "What did the two pictures show?", "Describe both pictures.", "What were the two pictures?",
    "Which two pictures have I sent?", "Tell me about both pictures.", "Compare the two pictures.",
    "What is the difference?", "How do they differ?", "List my pictures.", "And both together?",
)  # fmt: skip
SAME = (
    "Are they the same?", "Is it the same thing?", "Do both show the same?", "Same?",
    "Are these the same?", "Are both pictures of the same thing?", "Are they equal?",
    "Do they show the same thing?", "Is that the same as before?",
    "Do the two match?",
)  # fmt: skip
WHICH_IS = (
    "Which of the two is {this}?", "Which one is {this}?", "Which picture is {this}?",
    "Is the first or the second {this}?", "Where did you see {this}?", "Which was {this}?",
)  # fmt: skip
OTHER = (
    "And the other one?", "And the other?", "the other one?", "What about the other one?",
    "and the other picture?", "How about the other one?", "Now the other one.",
)  # fmt: skip
NTH = (
    "What was in the {nth} picture?", "What is the {nth} one?", "And the {nth} one?",
    "What did the {nth} picture show?", "Describe the {nth} picture.", "the {nth}?",
    "What was the {nth}?", "What was the {nth} one again?", "What is in the {nth} picture?",
    "What was on picture {number}?", "What did you see in the {nth} one?",
    "Go back to the {nth} one.",
)  # fmt: skip
NTH_COLOUR = (
    "What colour was the {nth} one?", "What color is the {nth} one?", "What colour was the {nth}?",
    "Which colour did the {nth} picture have?", "And the colour of the {nth} one?",
    "What colour is the thing in the {nth} picture?",
)  # fmt: skip

# About a picture, and beyond what can be seen by a small model.
BEYOND = (
    "Where was it taken?", "Who took this photo?", "Who painted this?", "Who is this?",
    "Who is the person in the picture?", "Is it expensive?", "What brand is it?",
    "Can you eat it?", "What does it weigh?", "Make it bigger.", "How old is it?",
    "Who is that?", "Do you like it?", "Is it pretty?", "What is the story behind it?",
    "When was this taken?", "Do you know this person?", "Which artist made this?",
    "How much does it cost?", "Where can I buy it?", "Edit it.", "Draw me another one.",
    "What is he thinking?", "Is this my friend {p}?", "Is this {p}?", "How old is this person?",
    "Read the whole page to me.", "Summarise this document.", "Translate this letter.",
    "Solve this homework.", "What should I write about it?", "Is it safe?", "Is it ill?",
)  # fmt: skip
