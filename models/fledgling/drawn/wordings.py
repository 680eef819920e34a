"""How people ask about a picture in a messenger: many wordings of each question."""

from random import Random

COLOUR_OF_IT = (
    "What colour is it?",
    "Which colour is this?",
    "What is its colour?",
    "What color is it?",
    "Can you tell me the colour?",
    "What colour is the thing in the picture?",
    "What colour do you see?",
)
COLOUR_OF_THEM = (
    "What colour are they?",
    "Which colour are these?",
    "What is their colour?",
    "What color are they?",
    "Can you tell me their colour?",
    "What colour are the {plural}?",
    "Which colour do the {plural} have?",
)
COLOUR_OF = (
    "What colour is {ref}?",
    "Which colour is {ref}?",
    "What color is {ref}?",
    "What is the colour of {ref}?",
    "Can you tell me what colour {ref} is?",
    "And the colour of {ref}?",
    "Which colour does {ref} have?",
)
SHAPE_OF_IT = (
    "What shape is it?",
    "Which shape is this?",
    "What is its shape?",
    "What shape do you see?",
    "Can you name the shape?",
    "What kind of shape is that?",
    "Which shape is in the picture?",
)
SHAPE_OF_THEM = (
    "What shape are they?",
    "Which shape are these?",
    "What is their shape?",
    "What kind of shapes are they?",
    "Can you name their shape?",
    "Which shape do they all have?",
    "What shape do they have?",
)
SHAPE_OF = (
    "What shape is {ref}?",
    "Which shape is {ref}?",
    "What is the shape of {ref}?",
    "Which shape does {ref} have?",
    "Can you tell me what shape {ref} is?",
    "What kind of shape is {ref}?",
)
HOW_MANY = (
    "How many are there?",
    "How many shapes are there?",
    "How many things do you see?",
    "How many can you count?",
    "Count them",
    "Can you count the shapes?",
    "How many shapes are in the picture?",
    "What is the number of shapes?",
)
HOW_MANY_OF = (
    "How many {these} are there?",
    "How many {these} do you see?",
    "Count the {these}",
    "Can you count the {these}?",
    "How many {these} can you see?",
    "How many {these} are in the picture?",
    "What is the number of {these}?",
)
WHERE = (
    "Where is {ref}?",
    "Whereabouts is {ref}?",
    "In which part of the picture is {ref}?",
    "Can you tell me where {ref} is?",
    "Where can I find {ref}?",
    "Where in the picture is {ref}?",
    "What is the position of {ref}?",
)
BESIDE = (
    "What is {relation} {ref}?",
    "Which shape is {relation} {ref}?",
    "What do you see {relation} {ref}?",
    "What can you see {relation} {ref}?",
    "Tell me what is {relation} {ref}",
    "And what is {relation} {ref}?",
    "What stands {relation} {ref}?",
)
IS_BESIDE = (
    "Is {other} {relation} {ref}?",
    "Do you see {other} {relation} {ref}?",
    "Would you say {other} is {relation} {ref}?",
    "Am I right that {other} is {relation} {ref}?",
    "{other} is {relation} {ref}, right?",
    "Can you check whether {other} is {relation} {ref}?",
)
ODD = (
    "Which one is the odd one out?",
    "Which one is different?",
    "What does not belong?",
    "Which one does not fit?",
    "Find the odd one out",
    "Which is not like the others?",
    "One of them is different, which?",
)
LARGER = (
    "Which one is larger?",
    "Which {shape} is larger?",
    "Which one is bigger?",
    "Which is the bigger {shape}?",
    "What is the largest thing?",
    "Which of the two is larger?",
    "Which {shape} is the big one?",
)
SMALLER = (
    "Which one is smaller?",
    "Which {shape} is smaller?",
    "Which is the smaller {shape}?",
    "What is the smallest thing?",
    "Which of the two is smaller?",
    "Which {shape} is the little one?",
)
SUM = (
    "What is the result?",
    "What does it come to?",
    "Can you solve it?",
    "How much is that?",
    "What is the answer?",
    "Solve this",
    "Can you work it out?",
    "What is {text}?",
    "How much is {text}?",
    "Please do the sum",
)
DIE = (
    "What number does the die show?",
    "How many dots are there?",
    "How many pips do you see?",
    "What did I roll?",
    "Which number is on the die?",
    "What does the die say?",
    "Count the dots",
    "What have I thrown?",
)
DICE = (
    "What do the dice show?",
    "Which numbers are on the dice?",
    "What numbers do you see on the dice?",
    "What did I roll with each die?",
    "Can you read the two dice?",
    "What does each die show?",
)
DICE_TOTAL = (
    "What is the total?",
    "How many dots are there altogether?",
    "What do the dice add up to?",
    "How much is it together?",
    "How many pips in all?",
    "What is the sum of the dice?",
    "Count all the dots",
)
HOW_MANY_DICE = (
    "How many dice are there?",
    "How many dice do you see?",
    "Count the dice",
    "Can you count the dice?",
    "How many dice can you see?",
    "How many dice did I throw?",
)
SAYS = (
    "What does it say?",
    "What is written there?",
    "Can you read it?",
    "Read this",
    "What does the picture say?",
    "What can you read?",
    "What is printed here?",
    "Please read the text",
    "What does that say?",
)
SAYS_WORD = (
    "Which word is this?",
    "What is the word?",
    "Can you read the word?",
    "What word is written here?",
    "Which word do you see?",
    "Read the word",
)
SAYS_NUMBER = (
    "Which number is this?",
    "What is the number?",
    "Can you read the number?",
    "What number is written here?",
    "Which number do you see?",
    "Read the number",
)
IS_SAYING = (
    "Does it say {text}?",
    "Is it {text}?",
    "Is that {text}?",
    "Does this say {text}?",
    "It says {text}, right?",
    "Would you read it as {text}?",
)
HOW_MANY_LETTERS = (
    "How many letters are there?",
    "How many letters does the word have?",
    "Count the letters",
    "How long is the word?",
    "How many letters do you see?",
    "Can you count the letters?",
)
HOW_MANY_DIGITS = (
    "How many digits are there?",
    "How many digits does the number have?",
    "Count the digits",
    "How long is the number?",
    "How many digits do you see?",
    "Can you count the digits?",
)
FIRST_LETTER = (
    "What is the first letter?",
    "Which letter does it start with?",
    "What letter does the word begin with?",
    "Which letter comes first?",
    "What does it start with?",
    "Tell me the first letter",
)
LAST_LETTER = (
    "What is the last letter?",
    "Which letter does it end with?",
    "What letter does the word end in?",
    "Which letter comes last?",
    "What does it end with?",
    "Tell me the last letter",
)
IS_THERE = (
    "Is there {thing}?",
    "Do you see {thing}?",
    "Can you see {thing}?",
    "Is there {thing} in the picture?",
    "Does the picture show {thing}?",
    "Can you find {thing}?",
    "Any chance there is {thing}?",
)
IS_IT_COLOUR = (
    "Is it {colour}?",
    "Is this {colour}?",
    "Is the colour {colour}?",
    "Would you call it {colour}?",
    "Is that {colour}?",
    "It is {colour}, right?",
)
ARE_THEY_COLOUR = (
    "Are they {colour}?",
    "Are these {colour}?",
    "Is their colour {colour}?",
    "Would you call them {colour}?",
    "Are the {plural} {colour}?",
    "They are {colour}, right?",
)
IS_IT_SHAPE = (
    "Is it {thing}?",
    "Is this {thing}?",
    "Is that {thing}?",
    "Would you call it {thing}?",
    "Is the shape {thing}?",
    "It is {thing}, right?",
)

_BEFORE = ("hey, ", "Please: ", "Tell me, ", "quick question: ", "So, ", "ok, ", "and ", "Hm, ")
_AFTER = (" please", " :)", " Thanks!", " I wonder", " in this picture", "??")


def asked(rng: Random, wordings: tuple[str, ...], **facts: str) -> str:
    """One of the wordings as somebody may type it: upper or lower case, with or without a mark."""
    question = rng.choice(wordings).format(**facts)
    question = question[0].upper() + question[1:]
    if rng.random() < 0.12:
        first, rest = question[0].lower(), question[1:]
        question = rng.choice(_BEFORE) + first + rest
    elif rng.random() < 0.35:
        question = question[0].lower() + question[1:]
    if rng.random() < 0.3:
        question = question.removesuffix("?")
    if rng.random() < 0.06:
        question += rng.choice(_AFTER)
    return question
