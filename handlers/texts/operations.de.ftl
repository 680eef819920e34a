# Was die, die den Assistenten betreiben, aus einem Chat und auf der Startseite der Übersicht tun

admin-help-of = { $usage }

    { $about }
admin-sure-of = { $question }

    { $command }: Ist es so gemeint? { $typed ->
    [yes] Dann schreib { $typing }
   *[no] {""}
}
admin-about-stats = Wie die Fragen des letzten Tages endeten, was wartet und welche Worker antworten.
admin-about-flags = Was auf dich wartet. Mit einer Nummer: dieses eine, fünf Minuten für dich zurückgelegt. Mit einem Urteil (dismiss, release, warn, remove, strike, mute, ban) wird es entschieden; mute und ban wollen eine Dauer wie 2h oder 7d.
admin-about-queue = Wie viele Fragen warten, und wie lange die älteste schon.
admin-about-model = Welche Modelle antworten, und zu welchen man wechseln darf. Mit einem davon, nach Name oder Nummer, wechseln die Worker, jeder, wenn seine Antworten zu Ende sind; default ist das der Einstellungen.
admin-about-policy = Welche Fassung gilt. diff vergleicht zwei Fassungen, publish setzt eine für alle in Kraft; du wirst vorher gefragt und siehst, was sich ändern würde. Fassung 0 ist die mitgelieferte.
admin-about-users = Die letzten Menschen, oder die, deren Name diese Wörter enthält.
admin-about-user = Was von jemandem bekannt ist. Ein Mensch ist eine Nummer, oder die Kennung eines Messengers wie telegram:123.
admin-about-quota = Was jemand verbrauchen darf und verbraucht hat. Mit einer Menge: so viel am Tag, ab der nächsten Nachricht, statt dessen, was alle dürfen; default gibt das zurück. Moderatoren geben nicht mehr als üblich.
admin-about-warn = Jemanden wegen einer Regel verwarnen. Nach zehn Sekunden erfährt er davon.
admin-about-mute = Jemandem eine Zeit wie 2h oder 7d lang nicht antworten, weil er gegen eine Regel verstoßen hat. Er erfährt, gegen welche, und wie er widerspricht.
admin-about-unmute = Jemandem vor der Zeit wieder antworten.
admin-about-ban = Jemanden für eine Zeit wie 7d aussperren, oder mit forever für immer; dem muss ein zweiter Mensch zustimmen.
admin-about-unban = Jemanden vor der Zeit wieder einlassen.
admin-about-turn = Wie weit eine Frage ist; nie ihre Worte.
admin-about-retry = Eine Frage, die zu Ende ist, noch einmal beantworten.
admin-about-broadcast = Sagt allen etwas, jedem einmal, nach einer Vorschau.
admin-about-audit = Was zuletzt getan wurde, von irgendwem, oder von einem Menschen und an ihm.

admin-quota = Was verbraucht werden darf
quota-no-amount = Das ist keine Menge: mindestens 1 und höchstens eine Billion.
admin-policy-published = Fassung { $number } der Regeln gilt, innerhalb von Sekunden überall.
admin-policy-diff = Von Fassung { $before } zu Fassung { $after }: { $added ->
    [one] eine Zeile
   *[other] { $added } Zeilen
} mehr, { $removed ->
    [one] eine Zeile
   *[other] { $removed } Zeilen
} weniger.

    { $lines }{ $more ->
    [0] {""}
   *[other] {" "}
    … und { $more } weitere
}
admin-audit = Das Neueste aus dem Protokoll
admin-flag = Fünf Minuten für dich zurückgelegt

people-budget-own = Dieser Mensch hat ein eigenes Budget.
people-budget-set = Eine andere Grenze
people-budget-a-day = { $what ->
    [messages] Nachrichten am Tag
    [pictures] Bilder am Tag
   *[tokens] Tokens am Tag
}
people-budget-amount = Wie viel
people-budget-keep = Festlegen
people-budget-usual = Wie für alle

# Wartung

waiting-in-maintenance = An mir wird gerade gearbeitet.{ $category } Ich habe deine Frage aufgehoben und beantworte sie danach.
admin-about-maintenance = Ob Fragen warten. on lässt sie warten, mit dem, was die Leute außerdem erfahren; was gerade beantwortet wird, wird zu Ende beantwortet, und Befehle gehen weiter. off lässt alles beantworten, was gewartet hat.
admin-maintenance = Fragen warten
admin-maintenance-waiting = { $count ->
    [one] eine Frage wartet
   *[other] { $count } Fragen warten
}
admin-maintenance-begun = Von jetzt an warten Fragen, und die Leute erfahren es. Was gerade beantwortet wird, wird zu Ende beantwortet. /admin maintenance off beendet es.
admin-maintenance-ended = Fragen werden wieder beantwortet, zuerst die, die gewartet haben.
admin-maintenance-none = Fragen werden beantwortet; es gibt keine Wartung.
board-maintenance = Wartung
board-maintenance-none = Fragen werden beantwortet, wie sie kommen.
board-maintenance-since = Seit { $since } warten Fragen. Die gerade beantwortet wurden, werden zu Ende beantwortet.
board-maintenance-told = Den Leuten wird gesagt:
board-maintenance-text = Was die Leute außerdem erfahren (wenn du magst)
board-maintenance-begin = Fragen warten lassen
board-maintenance-end = Fragen wieder beantworten

# Einladungen

admin-about-invite = Ein Link, der innerhalb einer Woche einen Menschen einlässt, oder so viele und so lange, wie du sagst. Mit einer Rolle (reviewer, moderator, admin) macht er sie dazu: du musst darüber stehen, und ein Besitzer muss zustimmen. list zeigt die, die noch gelten, revoke beendet eine.
admin-invite-role = Wer den Link innerhalb von { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
} zuerst öffnet, wird { $role }.
admin-invite-asks = { $person } möchte jemanden einladen, der { $role } wird, mit einem Link für { $days ->
    [one] einen Tag
   *[other] { $days } Tage
}. Ist das in Ordnung?
admin-invite-asked = Eine Rolle vergibt der Besitzer. Ich habe gefragt, und der Link kommt hierher, wenn die Antwort Ja ist.
admin-invite-allowed = { $person } hat den Link bekommen.
admin-invite-revoked = Die Einladung { $number } gilt nicht mehr.
admin-invitations = Einladungen, die noch gelten

# Welches Modell antwortet

admin-model-sure = Statt des jetzigen soll { $model } antworten. Jeder Worker bringt erst zu Ende, was er begonnen hat; dann lädt er das Modell, und Fragen warten so lange. Kann es nicht antworten, gehen alle zurück.
admin-model-wanted = Die Worker wechseln zu { $model }. Wie es ausgeht, sage ich hier.
model-switched = Jetzt antwortet { $model }.
model-switch-failed = { $model } konnte nicht antworten, darum antwortet wieder das Modell davor. Warum, steht im Protokoll des Workers.
model-not-allowed = Die Einstellungen nennen dieses Modell nicht. Zu welchen man wechseln darf, steht in MODELS.
model-wanted-already = Dieses Modell antwortet schon oder ist auf dem Weg.
board-model = Modell
board-model-now = Gewählt: { $model }
board-model-wanted = Die Worker wechseln zu { $model }.
board-model-other = Ein anderes
board-model-sure = Während es geladen wird, warten Fragen. So ist es gemeint.
board-model-switch = Wechseln
