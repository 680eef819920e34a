# The settings of the dashboard.
settings = Settings
settings-habits = How you want to work
settings-pictures = Pictures, until you press p
settings-pictures-shown = { $how ->
    [blurred] blurred
    [grey] grey
    [both] blurred and grey
    [muted] not at all
   *[plain] as they are
}
settings-pictures-hint = A matter of taste: nobody has shown that one of these does less harm than another.
settings-left-out = What you are not offered
settings-left-out-hint = Flags of these kinds are left to others. You can still open them.
settings-keep = Keep
settings-team = Team
settings-unlocked = sees what is locked
settings-unlock = Let see what is locked
settings-lock = No longer see what is locked
settings-comes-by = Comes by
settings-password = { $has ->
    [yes] a password
   *[no] no password
}
settings-factor = { $has ->
    [yes] a second factor
   *[no] no second factor
}
settings-browsers = { $count ->
    [0] signed in nowhere
    [one] signed in in one browser
   *[other] signed in in { $count } browsers
}
settings-role-of = Role of { $name }
settings-no-role = no role any more
settings-change = Change
settings-sign-out = Sign out everywhere
settings-add = Somebody's number
settings-add-hint = The number stands on their page under People. They have to be let in already.
settings-give = Give the role
settings-in = By what people come in
settings-access = Access
settings-provider = OpenID provider
settings-channels = Messengers
settings-none = none
settings-in-hint = These are set where the assistant is started.
settings-account = Your password, second factor and browsers
