# Was nicht beantwortet wird, und warum

rule = { $category ->
    [profanity] Beleidigungen und Flüche
    [nudity] Nacktheit
    [prompt-attack] Versuche, mir meine Regeln auszureden
    [reported] Gemeldetes
    [known-picture] Bilder, die hier nicht erlaubt sind
    [link] Links
    [flood] immer wieder dasselbe
    [violent-crimes] Gewalt
    [crimes] Straftaten
    [sex-crimes] sexuelle Gewalt
    [child-exploitation] den Schutz von Kindern
    [defamation] üble Nachrede
    [advice] Rat, den nur Fachleute geben können
    [privacy] die Privatsphäre anderer
    [copyright] die Werke anderer
    [weapons] Waffen
    [hate] Hass
    [self-harm] Selbstverletzung
    [sexual] sexuelle Inhalte
    [elections] Wahlen
    [code-abuse] den Missbrauch von Programmen
   *[other] { $category }
}
refused-by-rule = Darauf kann ich nicht antworten: Es berührt die Regel hier über { rule }. Wenn du das für einen Irrtum hältst, sagt /appeal es einem Menschen.
refused-in-words = { $category }
refused-unchecked = Ich konnte mir das nicht ansehen, wie ich es vor einer Antwort muss. Bitte versuch es gleich noch einmal.
held-for-review = Das muss sich erst ein Mensch ansehen, bevor ich antworte. Danach antworte ich hier von selbst.
care = Wenn du daran denkst, dir etwas anzutun, musst du damit nicht allein sein. Diese Menschen hören zu, kostenlos oder zum Preis eines Anrufs, die meisten rund um die Uhr:

    { $lines }

    Wenn dein Leben jetzt in Gefahr ist, ruf { $emergency } an.
restricted-length = { $unit ->
    [seconds] für { $number } Sekunden
    [minutes] für { $number } Minuten
    [hours] für { $number } Stunden
    [days] für { $number } Tage
   *[for-good] für immer
}
restricted-decider = { $machine ->
    [yes] Das hat ein Programm nach den Regeln hier entschieden.
   *[no] Das hat ein Mensch entschieden, der sich um diesen Assistenten kümmert.
}
restricted-warning = Bitte beachte die Regel hier über { rule }. Das ist eine Verwarnung, mehr nicht; nach { $number } { $unit ->
    [seconds] Sekunden
    [minutes] Minuten
    [hours] Stunden
   *[days] Tagen
} ist sie vergessen. { restricted-decider } Wenn du anderer Meinung bist: /appeal { $id }
restricted-strike = Was du geschickt hast, verstößt gegen die Regel hier über { rule }. Es zählt { restricted-length } als Verstoß; nach mehreren darf ich dir eine Zeit lang nicht antworten. { restricted-decider } Wenn du anderer Meinung bist: /appeal { $id }
restricted-mute = Ich darf dir { restricted-length } nicht antworten, wegen der Regel hier über { rule }. { restricted-decider } Wenn du anderer Meinung bist: /appeal { $id }
restricted-ban = Ich darf dir nicht mehr antworten, { restricted-length }, wegen der Regel hier über { rule }. { restricted-decider } /export gibt dir eine Kopie von allem, was dir gehört, und /delete entfernt es. Wenn du anderer Meinung bist: /appeal { $id }
restricted-still = Ich darf dir immer noch nicht antworten, von jetzt an { restricted-length }, wegen der Regel hier über { rule }. /appeal sagt einem Menschen, dass du anderer Meinung bist.

# Meldungen und Prüfungen

report-outcome-right = Danke für deine Meldung: Ein Mensch hat sie sich angesehen und etwas unternommen.
report-outcome-nothing = Danke für deine Meldung: Ein Mensch hat sie sich angesehen und nichts gefunden, was gegen die Regeln hier verstößt.
review-not-permitted = Das darf deine Rolle nicht.
review-taken = Jemand anderes sieht es sich an oder hat es eben entschieden.
review-too-late = Dafür ist es zu spät.
report-nothing = Hier ist keine Antwort von mir, die du melden könntest. Antworte auf eine mit /report, und sag warum, wenn du magst.
report-thanks = Danke. Ein Mensch wird sich diese Antwort ansehen, und ich sage dir, was daraus geworden ist.
report-known = Diese Antwort hast du schon gemeldet.
appeal-nothing = Hier ist nichts, wogegen du Einspruch erheben könntest.
appeal-known = Dein Einspruch liegt bei denen, die sich um mich kümmern; noch hat niemand entschieden.
appeal-decided = Jemand hat sich deinen Einspruch schon angesehen, und dabei bleibt es.
appeal-thanks = Das habe ich weitergegeben. Ein anderer Mensch als der, der entschieden hat, sieht es sich an, und ich sage dir hier, was er sagt.
appeal-overturned = Dein Einspruch war berechtigt: Es ist zurückgenommen.{ $same ->
    [yes] {" "}(Entschieden hat derselbe Mensch, denn es gibt keinen anderen.)
   *[no] {""}
}
appeal-upheld = Jemand hat sich deinen Einspruch angesehen, und es bleibt dabei.{ $same ->
    [yes] {" "}(Entschieden hat derselbe Mensch, denn es gibt keinen anderen.)
   *[no] {""}
}
command-report = Eine Antwort einem Menschen melden
command-appeal = Einer Entscheidung über dich widersprechen

# /admin

admin-help = Das kannst du hier:

    { $lines }
admin-usage = Es wird so geschrieben: { $usage }
admin-nobody = Niemand und nichts trägt diesen Namen oder diese Nummer.
admin-lines = **{ $title }**

    { $lines }{ $more ->
    [0] {""}
   *[other] {" "}
    … und { $more } weitere
}
admin-stats = Der letzte Tag
admin-users = Menschen
admin-user = Über
admin-queue = Fragen, die warten, und wie lange schon
admin-model = Wer antwortet
admin-turn = Eine Frage
admin-flags = Was auf dich wartet
admin-policy = Die Regeln: die geltende Fassung, dann andere
admin-retried = Sie wird noch einmal beantwortet.
admin-decided = Über { $person } entschieden. Es gilt in zehn Sekunden; bis dahin lässt es sich in der Übersicht zurücknehmen.
admin-second = Über { $person } entschieden. Es gilt, sobald ein zweiter Mensch in der Übersicht zustimmt, oder nach einem Tag, wo es keinen anderen gibt.
admin-lifted = { $person } darf wieder schreiben.
admin-nothing = Für { $person } gilt nichts dergleichen.
admin-sure = Das lässt sich später nicht zurücknehmen: { $command }. Ist es so gemeint? { $typed ->
    [yes] Dann schreib { $typing }
   *[no] {""}
}
admin-too-long = Das ist zu lang, um danach zu fragen; lass den Grund weg oder nimm die Übersicht.
admin-kept = Es ist nichts geschehen.
button-admin-yes = Ja
button-admin-no = Nein
