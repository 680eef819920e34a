# The web chat and the dashboard.

web-welcome-title = Welcome to { $assistant }
web-welcome-waiting = Your request is on its way. As soon as the owner lets you in, this page opens the chat.
web-welcome-blocked = The owner of this assistant has not let you in.
web-welcome-open = Everybody is welcome here. You talk with an AI: it can be wrong.
web-welcome-invite = This assistant is for invited people. If somebody gave you a link, open it. Otherwise tell the owner who you are and ask to be let in.
web-welcome-closed = This assistant is private. If it is yours, open the link that it printed when it started.
web-your-name = Your name
web-start = Start chatting
web-ask = Ask to be let in
web-look-again = Look again
web-back = Back to the chat
web-pair = This link signs this browser in.
web-pair-again = You are signed in as { $name } already. The link may make you somebody else here.
web-pair-button = Sign in here
web-pair-failed-title = This link does not work
web-pair-failed = It was used already, has run out, or was not copied whole. Ask for a new one.
web-problem-title = That did not work
web-offline-title = No connection
web-offline = The assistant cannot be reached right now. Your messages are safe with it.

web-error-not-signed-in = You are not signed in any more. Open your link again.
web-error-forbidden = You are not allowed to do this.
web-error-stale-page = This page has grown too old. Reload it and try again.
web-error-too-many-tries = That was too often. Wait a few minutes and try again.
web-error-not-found = There is nothing here.
web-error-bad-request = The assistant could not make sense of this.
web-error-too-large = That is too much at once. Send fewer or smaller pictures.
web-error-too-many-pictures = A message can have ten pictures at most.
web-error-unavailable = The assistant is not ready. Try again in a moment.
web-error-internal = Something went wrong here. It was written down; please try again.
web-error-no-connection = There is no connection to the assistant. What you wrote is still here: try again.

web-sign-in-title = Sign in
web-sign-in = Sign in
web-sign-in-with = Sign in with name and password
web-sign-in-name = Name to sign in with
web-sign-in-failed = This name and this password do not go together.
web-sign-in-links = Forgotten? Open a link: one from a browser that is signed in ("Use on another device"), or ask the owner.
web-account = Account
web-account-who = You are { $name }.
web-password = Password
web-password-none = You come in by links. With a name and a password you can sign in anywhere, too.
web-password-has = You can sign in as { $name }.
web-password-current = Current password
web-password-new = New password
web-password-hint = Long is good: several words will do. Other browsers are signed out.
web-password-set = Set password
web-password-change = Change password
web-password-remove = Remove password
web-password-short = A password has at least 8 characters.
web-password-short-staff = A password of somebody who looks after the assistant has at least 12 characters.
web-password-long = A password has at most 1,000 characters.
web-password-common = Everybody would try this password. Choose another one.
web-password-name = A name to sign in with has 1 to 60 characters.
web-password-name-taken = Somebody else signs in with this name. Choose another one.
web-password-current-wrong = This is not your current password.
web-browsers = Signed-in browsers
web-browser-this = This one
web-browser-unknown = Some browser
web-browsers-end = Sign out all others

web-not-now = Not now
web-first-password-title = Set a password?
web-first-password-why = Without one, a browser that forgets you can only come back with a new link from the terminal.
web-first-password-hint = Long is good: several words will do, at least 12 characters.
web-code = Code
web-code-what = Type the six digits that your authenticator shows, or one of your recovery codes.
web-code-wrong = This code is wrong, too old, or was used already. Wait for the next one.
web-code-lost = Lost both? Open a link: one from a browser that is signed in, from the owner, or from "whimbrel pair" at the machine.
web-account-back = Back to the account
web-factor = Second factor
web-factor-off = With one, signing in asks for a code of an authenticator app besides the password. Links go on working without it.
web-factor-advised = You look after this assistant: it is worth it.
web-factor-on =
    Signing in asks for a code of your authenticator. { $codes ->
        [0] There are no recovery codes left: switch it off and on again for new ones.
        [one] One recovery code is left.
       *[other] { $codes } recovery codes are left.
    }
web-factor-needs-password = Set a password first: the code is asked for besides it.
web-factor-begin = Switch on
web-factor-again = Begin again
web-factor-scan = Scan this picture with an authenticator app, and type the code that it shows then. All other browsers are signed out.
web-factor-picture = QR code for an authenticator app
web-factor-by-hand = Or type this into it:
web-factor-confirm = Switch on with this code
web-factor-remove = Switch off
web-recovery = Recovery codes
web-recovery-what = Signing in asks for a code from now on. Keep these: each opens once where you do not have the authenticator. Nobody can show them again.
web-recovery-kept = I have kept them

web-oidc-sign-in = Sign in with { $provider }
web-oidc-on-the-way = On to { $provider }…
web-oidc-go-on = Go on
web-oidc-linked = You can sign in with { $provider }.
web-oidc-not-linked = Link your account there, and you can sign in with { $provider } anywhere.
web-oidc-link = Link { $provider }
web-oidc-unlink = Take the link away
web-oidc-stale = This sign-in was begun in another browser, or too long ago. Begin again.
web-oidc-denied = You were not signed in: { $provider } did not agree, or you did not.
web-oidc-untrue = What { $provider } says of you could not be verified, so nobody was signed in. Try again, and tell the owner if it stays so.
web-oidc-unavailable = { $provider } does not answer as it should. Try again in a moment, or come in another way.
web-oidc-stranger = { $provider } knows you, but nobody here does yet. Open the link of your invitation first, then link { $provider } under "Account".
web-oidc-not-allowed = { $provider } knows you, but your account there is not among those that may come in here. Ask the owner.
web-oidc-blocked = The owner of this assistant has not let you in.
web-oidc-taken = Somebody else here comes in with this account of { $provider }.
web-oidc-has-another = You come in with another account of { $provider }. Take that link away first.

web-skip = Skip to writing
web-conversations = Conversations
web-new = New chat
web-untitled = New chat
web-close = Close
web-theme = Light or dark
web-move = Use on another device
web-move-what = Open one of these links there. It works once, within 15 minutes. Whoever opens it is you: do not share it.
web-more = More
web-help = What it can do
web-about = About
web-privacy = Privacy
web-export = Download my data
web-dashboard = Dashboard
web-sign-out = Sign out
web-rename = Rename
web-title = Title
web-save = Save
web-cancel = Cancel
web-delete = Delete
web-delete-title = Delete this conversation?
web-delete-what = Its messages and pictures are gone for good.
web-demonstration = Demonstration model: connect a real one.
web-demonstration-link = How?
web-no-script = The chat needs JavaScript, which is switched off in this browser.

web-transcript = What was said
web-earlier = Show earlier messages
web-you-said = You said
web-assistant-said = { $assistant } said
web-notice = Notice
web-picture = Picture { $number }
web-picture-coming = A picture is on its way…
web-copy = Copy
web-copy-code = Copy code
web-copied = Copied
web-retry = Try again
web-stop = Stop
web-download = Download
web-waiting =
    { $place ->
        [0] You are next…
        [one] One other question goes first…
       *[other] { $place } other questions go first…
    }
web-thinking = Thinking…
web-writing = Writing…
web-answered = The answer is complete.
web-reconnecting = The connection was lost. Trying again…
web-ended-cancelled = Stopped.
web-ended-failed = This could not be answered.

web-write = Write a message
web-send = Send
web-add-picture = Add pictures
web-take-picture = Take a picture
web-remove-picture = Remove this picture
web-pictures-to-send = Pictures to send
web-drop = Drop your pictures here
web-hint = { $assistant } is an AI and can be wrong.
web-hello = Hello! What shall we look at?
web-hello-name = Hello { $name }, what shall we look at?
web-hello-what = Drop a picture in and ask about it, or begin with one of these.
web-samples = Sample pictures
web-sample-red-circle = A red circle
web-sample-blue-square = A blue square
web-sample-green-triangle = A green triangle
web-sample-yellow-star = A yellow star
web-sample-purple-heart = A purple heart
web-sample-orange-moon = An orange moon
web-sample-question = What is in this picture?
web-starters = Questions to begin with
web-starter-who = Who are you?
web-starter-what = What can you do?
web-starter-how = Which model are you?

web-connect-title = Connect a real model
web-connect-why = { $assistant } runs on a small demonstration model that knows everyday things in simple pictures only and is often wrong. It works with every server that speaks OpenAI's protocol, and with Llama 4 checkpoints of your own. Stop it, and start it again in one of these ways:
web-connect-own-title = A checkpoint on this machine
web-connect-env = The same lines can stand in a file called .env, one setting a line.
web-connect-check = These commands look for model servers on this machine, and tell what a model needs:

web-board-turns = Turns of the last 24 hours
web-board-collecting = Collecting
web-board-queued = Waiting
web-board-running = Being answered
web-board-answered = Answered
web-board-cancelled = Stopped
web-board-refused = Refused
web-board-failed = Failed
web-board-oldest =
    { $seconds ->
        [one] The oldest has waited for one second.
       *[other] The oldest has waited for { $seconds } seconds.
    }
web-board-workers = Workers
web-board-no-workers = No worker is ready: nothing is answered.
web-board-no-broker = The broker does not answer.
web-board-window = { $tokens } tokens of context
web-board-failures = Questions that failed
web-board-no-failures = None in the last 30 days.
web-board-told = The person was told:
web-board-crashes =
    { $count ->
        [one] A worker died over it.
       *[other] { $count } workers died over it.
    }
web-board-strangers = People who ask to be let in
web-board-no-strangers = Nobody waits.

# The queue

web-queue = Queue
web-queue-next = Begin with the most urgent
web-queue-waiting = Waiting
web-queue-empty = Nothing waits for you.
web-queue-second = These need a second person
web-queue-agree = Agree
web-queue-disagree = Disagree
web-queue-held = the answer waits
web-queue-taken = Somebody else is looking at this
web-queue-decided = This has been decided.
web-queue-undo = Undo
web-queue-done = { $verdict ->
    [dismiss] Nothing wrong
    [release] Let through
    [remove] Removed
    [warn] A warning
    [strike] A strike
    [mute] A mute
    [reveal] Reading a conversation
    [export] Taking everything along
    [delete] Deleting everything
   *[ban] A ban
}
web-queue-reports = { $count ->
    [one] reported once
   *[other] reported { $count } times
}
web-priority = { $priority ->
    [low] low
    [normal] normal
    [high] high
   *[urgent] urgent
}
web-age = { $unit ->
    [seconds] { $number } s ago
    [minutes] { $number } min ago
    [hours] { $number } h ago
   *[days] { $number } days ago
}
web-restriction = { $kind ->
    [warning] warning
    [strike] strike
    [mute] mute
   *[ban] ban
}
web-case-said = What was said
web-case-erased = The message is gone.
web-case-person = Person
web-case-assistant = Assistant
web-case-picture = A picture that was sent; press p or click to see it
web-case-why = Why it is here
web-case-reported = Reported:
web-case-policy = Policy version { $number }
web-case-about = About
web-case-past = Earlier flags: { NUMBER($flags) }, restrictions: { NUMBER($restrictions) }
web-case-decide = Decide
web-case-note = A note for the record
web-case-skip = Leave it to others
web-case-snooze = Again in an hour
web-case-escalate = To a higher role
web-decide-dismiss = Nothing wrong
web-decide-release = Let it through
web-decide-remove = Remove the message
web-decide-warn = Warn
web-decide-strike = Strike
web-decide-mute-day = Mute for a day
web-decide-mute-week = Mute for a week
web-decide-ban-month = Ban for a month
web-decide-ban = Ban for good
web-keys = Keys
web-keys-decide = decide, and go on with the next
web-keys-back = back
web-keys-pictures = show or hide pictures
web-keys-close = Close

# The policy

web-policies = Policy
web-policies-versions = Versions
web-policies-live = in force
web-policies-shipped = The one that ships
web-policies-changes = What would change
web-policies-publish = Bring version { $number } into force
web-policies-text = As it is written
web-policies-edit = Change it, and keep it as a new version
web-policies-note = What is different, in a few words
web-policies-keep = Keep as a new version
