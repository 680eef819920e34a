# Die Sammlung bekannter Bilder.
bank = Bekannte Bilder
bank-hint = Bilder, die schon bekannt sind, als Prüfwert dessen, was sie zeigen (PDQ). Die Bilder selbst liegen hier nicht und lassen sich daraus nicht gewinnen.
bank-count = { $count ->
    [0] Noch ist kein Bild bekannt
    [one] Ein Bild ist bekannt
   *[other] { $count } Bilder sind bekannt
}
bank-export = Alle Prüfwerte exportieren
bank-search = Einen Prüfwert suchen
bank-search-hint = Wie er beginnt, mindestens vier Ziffern.
bank-look = Suchen
bank-found = Prüfwerte
bank-nothing = Es gibt keinen.
bank-more = Frühere
bank-newest = Die neuesten
bank-remove = Entfernen
bank-remove-one = Nummer { $number } entfernen
bank-add = Prüfwerte hinzufügen
bank-lines = Prüfwerte zum Hinzufügen
bank-lines-hint = Je Zeile einer: der Prüfwert aus 64 Hexadezimalziffern, ein Komma, und seine Kategorie, wenn er eine andere hat als unten gewählt.
bank-file = Oder eine Datei mit solchen Zeilen
bank-category = Was sie zeigen
bank-note = Eine Notiz für die anderen
bank-add-them = Hinzufügen
bank-taken = { $added } hinzugefügt, { $known } schon bekannt, { $refused } abgelehnt.
bank-refused = Zeile { $line }: { $why ->
    [flat] Dieser Prüfwert gehört zu einem so flachen Bild, dass er in vielen anderen gefunden würde.
    [category] Die Richtlinie kennt diese Kategorie nicht.
   *[no-hash] Das ist kein PDQ-Prüfwert aus 64 Hexadezimalziffern.
}
bank-no-text = Diese Datei ist kein Text. Bitte schicke je Prüfwert eine Zeile.
bank-too-flat = Dieses Bild zeigt zu wenig: Sein Prüfwert würde in vielen anderen gefunden, darum wird es nicht gemerkt.
bank-not-looked-at = Dieses Bild lässt sich gerade nicht ansehen und hat darum keinen Prüfwert. Bitte versuche es noch einmal; bleibt es so, fehlt dem Bot das Extra „checks“.
bank-unknown-category = Die Richtlinie kennt diese Kategorie nicht.
bank-remembered = Dieses Bild ist gemerkt: Es wird von nun an gefunden, auch verkleinert, gespiegelt oder gedreht.
bank-known-already = Dieses Bild war schon bekannt.
bank-remember = Dieses Bild merken
bank-remember-number = Bild { $number } merken
bank-remember-heading = Bilder merken
bank-remember-as = als
bank-nothing-given = Es kam nichts an. Bitte füge Prüfwerte ein oder wähle eine Datei; eine Datei und mehr als einige hundert Prüfwerte brauchen einen Browser mit Skripten.
bank-not-sent = Das ist nicht durchgekommen. Bitte versuche es noch einmal.
