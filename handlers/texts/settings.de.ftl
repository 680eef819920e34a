# Die Einstellungen des Dashboards.
settings = Einstellungen
settings-habits = Wie du arbeiten möchtest
settings-pictures = Bilder, bis du p drückst
settings-pictures-shown = { $how ->
    [blurred] verschwommen
    [grey] grau
    [both] verschwommen und grau
    [muted] gar nicht
   *[plain] wie sie sind
}
settings-pictures-hint = Geschmackssache: Niemand hat gezeigt, dass eines davon weniger schadet als ein anderes.
settings-left-out = Was dir nicht vorgelegt wird
settings-left-out-hint = Meldungen dieser Art bleiben anderen überlassen. Öffnen kannst du sie trotzdem.
settings-keep = Behalten
settings-team = Team
settings-unlocked = sieht Verschlossenes
settings-unlock = Verschlossenes sehen lassen
settings-lock = Verschlossenes nicht mehr zeigen
settings-comes-by = Kommt über
settings-password = { $has ->
    [yes] ein Passwort
   *[no] kein Passwort
}
settings-factor = { $has ->
    [yes] ein zweiter Faktor
   *[no] kein zweiter Faktor
}
settings-browsers = { $count ->
    [0] nirgends angemeldet
    [one] in einem Browser angemeldet
   *[other] in { $count } Browsern angemeldet
}
settings-role-of = Rolle von { $name }
settings-no-role = keine Rolle mehr
settings-change = Ändern
settings-sign-out = Überall abmelden
settings-add = Nummer einer Person
settings-add-hint = Die Nummer steht auf ihrer Seite unter Leute. Sie muss schon eingelassen sein.
settings-give = Rolle geben
settings-in = Wodurch Leute hereinkommen
settings-access = Zugang
settings-provider = OpenID-Anbieter
settings-channels = Messenger
settings-none = keine
settings-in-hint = Das wird dort festgelegt, wo der Assistent gestartet wird.
settings-account = Dein Passwort, zweiter Faktor und Browser
