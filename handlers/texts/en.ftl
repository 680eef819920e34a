# Hello

welcome = { $named ->
    [no] Hello! I am { $assistant }, an AI assistant.
   *[yes] Hello { $name }! I am { $assistant }, an AI assistant.
} Write to me, or send me a picture and ask about it. /help shows what else I can do.
welcome-owner = { $named ->
    [no] Welcome! I am { $assistant }, an AI assistant, and you are my owner.
   *[yes] Welcome, { $name }! I am { $assistant }, an AI assistant, and you are my owner.
} Write to me, or send me a picture and ask about it. /invite makes a link for your friends, and /help shows what else I can do.
help = I am { $assistant }, an AI assistant. Write to me, or send me pictures and ask about them. You can change a question by editing it, and ask about an older picture by replying to it.

    /new – begin afresh: I forget what was said so far when I answer
    /stop – stop what I am writing
    /retry – answer your last question once more
    /about – which model answers here
    /feedback [words] – say what you think of an answer
    /report [why] – tell a person about an answer that is not all right
    /privacy – who can read this, and how long it is kept
    /export – a copy of everything you said, with your pictures
    /delete – delete everything of yours{ $owner ->
    [yes] {""}
    /invite [people] [days] – a link that lets your friends in
   *[no] {""}
}
about = I am { $assistant }, an AI. What I write is computed by a model and can be wrong.

    Model: { $models }{ $demonstration ->
    [yes] {""}
    This is a small demonstration model that was trained from scratch and ships with Whimbrel. It knows very little; a real model can be connected instead.
   *[no] {""}
}{ $llama ->
    [yes] {""}
    Built with Llama.
   *[no] {""}
}
about-no-model = I am { $assistant }, an AI. What I write is computed by a model and can be wrong. No model has answered since I was started, so I cannot name it yet.
about-budget = What you have left at the moment: { $messages ->
    [any] any number of messages
   *[other] { $messages } messages
}, { $pictures ->
    [any] any number of pictures
   *[other] { $pictures } pictures
}, { $tokens ->
    [any] answers of any length
   *[other] about { $tokens } tokens of what I read and write (a token is a short word)
}.
privacy = What you write and send is answered by a model: { $models }. { $place ->
    [here] It runs on my operator’s own machine.
    [elsewhere] It runs on another server, which my operator has chosen and which receives what you write.
   *[unknown] I cannot tell at the moment where it runs.
}

    Who can read it: you, and whoever operates me. The messenger you use has rules of its own.
    How long it is kept: { $days ->
        [0] until you delete it
        [one] for a day, or until you delete it
       *[other] for { $days } days, or until you delete it
    }. What was reported or found fault with is kept until that is decided, even then. Pictures are stored without their metadata, such as the place where they were taken.
    What you write is not used to train a model.

    /export gives you a copy of everything, and /delete removes it.

# Getting in

door-waiting = I am { $assistant }, an AI assistant, and I only talk to people my owner knows. I have asked my owner to let you in and will write to you as soon as there is an answer. If you have an invitation link, open it.
door-closed = I am { $assistant }, an AI assistant, and I only talk to people my owner has chosen. I am sorry that I cannot help you here.
code-wrong = This link does not work any more, or it never did. Please ask for a new one.
stranger-asks = { $name } would like to talk to me ({ $channel }). May they?
stranger-approved = { $name } can talk to me now.
stranger-declined = { $name } stays outside.
request-approved = Good news: you can talk to me now. I am { $assistant }; just write to me, or send me a picture and ask about it.
request-declined = I am sorry: my owner has decided not to let you in.
request-gone = That request has been answered already.
owner-only = Only my owner can do that.
invite-made = Send this to your friends. It lets { $uses ->
    [one] one person
   *[other] { $uses } people
} in, within { $days ->
    [one] a day
   *[other] { $days } days
}:

    { $links }
invite-usage = Write /invite, or /invite 3 14 for three people and two weeks. At most { $uses } people and { $days } days are possible.

# Messages

empty-message = There was nothing in that message. Write me something, or send me a picture.
text-too-long = That is more than I can read at once: { NUMBER($limit) } characters are the limit. Please send it in pieces, or only the part that matters.
busy = So many people are waiting for an answer that I cannot take any more questions right now. Please ask again in a few minutes.
too-many-questions = { $most } of your questions are waiting for an answer already, and I keep no more for one person. I will answer those first; please ask this one again afterwards.
budget-messages = You have sent as many messages as you may for now. You can write again in { $number } { $unit ->
    [seconds] seconds
    [minutes] minutes
    [hours] hours
   *[days] days
}.
budget-pictures = You have sent as many pictures as you may for now. You can send pictures again in { $number } { $unit ->
    [seconds] seconds
    [minutes] minutes
    [hours] hours
   *[days] days
}; words alone are welcome at any time.
budget-pictures-at-once = That is more pictures than you may send me: { NUMBER($most) } are the limit. Please send fewer.
budget-tokens = I have thought and written as much for you as I may for now. You can write again in { $number } { $unit ->
    [seconds] seconds
    [minutes] minutes
    [hours] hours
   *[days] days
}.
budget-total = I have answered as much as I may for everybody together. You can write again in { $number } { $unit ->
    [seconds] seconds
    [minutes] minutes
    [hours] hours
   *[days] days
}.
sorry-failed = I am sorry, something went wrong on my side. Please try again.
unknown-command = I do not know { $command }. /help shows what I can do.
groups-later = Thank you for inviting me! Groups come later; for now I only talk to one person at a time, so I am leaving again.
unsupported-voice = I cannot listen to voice messages yet. Please write to me; I can read text and look at pictures.
unsupported-audio = I cannot listen to music or recordings yet. I can read text and look at pictures.
unsupported-video = I cannot watch videos yet. Send me a picture from it and I will look at that.
unsupported-animation = I cannot watch animations yet. Send me a picture from it and I will look at that.
unsupported-sticker = A nice sticker, I am sure, but I cannot see those yet. I can read text and look at pictures.
unsupported-document = I cannot read files like this one yet. I can read text and look at pictures: JPEG, PNG, WebP and GIF.
unsupported-location = I cannot do anything with a place on the map yet. Tell me about it in words, or send me a picture.
unsupported-contact = I cannot do anything with contacts yet. I can read text and look at pictures.
unsupported-poll = I cannot take part in polls yet. I can read text and look at pictures.
unsupported-other = I cannot do anything with this kind of message yet. I can read text and look at pictures.

# Pictures that cannot be used

refused-picture-none = This file is not a picture, or not one I know. I can look at JPEG, PNG, WebP and GIF.
refused-picture-kind = I cannot open this kind of picture. I can look at JPEG, PNG, WebP and GIF.
refused-picture-heic = I cannot open HEIC pictures. Please send it as a JPEG; most phones do that when you share it as a photo instead of a file.
refused-picture-avif = I cannot open AVIF pictures. Please send it as a JPEG or PNG.
refused-picture-svg = I cannot open SVG drawings. Please send a PNG of it.
refused-picture-pdf = I cannot read PDF files yet. Please send a picture of the page.
refused-picture-video = I cannot watch videos yet. Send me a picture from it and I will look at that.
refused-picture-too-large = This file is too large for me: 20 MB is the limit. Please send a smaller version.
refused-picture-pixels = This picture has more pixels than I can take in. Please send a smaller version.
refused-picture-broken = This picture is damaged or incomplete, and I cannot open it. Please send it once more.
refused-picture-slow = It took me too long to open this picture. Please send it as a plain JPEG or PNG.
refused-picture-gone = I could not get this picture from the messenger. Please send it once more.
refused-picture-unasked = This picture came when I could not take it, so I have not looked at it.

# Answers

stopped = Stopped.
nothing-to-stop = I am not writing anything right now.
nothing-to-retry = There is no question that I could answer again.
still-answering = I am still working on that answer. /stop ends it.
new-begun = We begin afresh. What was said before stays in this chat, but I will not think of it when I answer.
waiting-in-line = { $place ->
    [0] Your question is next.
    [one] One question is before yours. I will answer here.
   *[other] { $place } questions are before yours. I will answer here.
}
empty-answer = I have no answer to that. Would you put it differently?
cut-at-length = (This is as long as my answers get. Ask me to go on.)
answer-starts-over = (Something broke. I begin this answer again.)
answer-unconfirmed = I cannot tell whether my answer has reached you. Shall I send it once more?
failed-set-aside = I am sorry: I failed three times on this question and have set it aside. Please try to put it differently.
failed-engine = I am sorry, the model failed on this question. You can try again.
failed-endpoint = I am sorry, the model has been out of reach for too long. You can try again.
endpoint-down = The model that answers for me is out of reach. I keep trying and will answer here by myself if it is back within a quarter of an hour.
refused-too-long = That is more than this model can read at once. Please send a shorter question.

# One's own data

export-ready = Here is a copy of everything you said and what I answered, with your pictures.
export-elsewhere = I cannot send files here. Your copy waits for you on my web page: { $url }
delete-question = Shall I delete everything of yours: all messages, pictures and conversations? This cannot be undone. Press the button, or write /delete yes.
deleted = Everything of yours is deleted.
kept = Good, I keep everything as it is.

# Buttons

button-stop = Stop
button-retry = Try again
button-show-again = Send again
button-approve = Let them in
button-decline = No
button-delete = Delete everything
button-keep = Keep it
button-stale = That button has had its time. Nothing has changed.

# What the commands are called in menus

command-help = What I can do
command-new = Begin afresh
command-stop = Stop what I am writing
command-retry = Answer the last question again
command-invite = A link that lets friends in
command-about = Which model answers here
command-privacy = Who can read this
command-export = A copy of everything of yours
command-delete = Delete everything of yours
not-found = There is nothing here, or it is not yours.
