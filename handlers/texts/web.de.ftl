# Der Webchat und das Dashboard.

web-welcome-title = Willkommen bei { $assistant }
web-welcome-waiting = Deine Anfrage ist unterwegs. Sobald du eingelassen wirst, öffnet diese Seite den Chat.
web-welcome-blocked = Du wurdest hier nicht eingelassen.
web-welcome-open = Hier sind alle willkommen. Du sprichst mit einer KI: Sie kann sich irren.
web-welcome-invite = Dieser Assistent ist für eingeladene Leute da. Wenn du einen Link bekommen hast, öffne ihn. Sonst sag, wer du bist, und bitte um Einlass.
web-welcome-closed = Dieser Assistent ist privat. Wenn er dir gehört, öffne den Link, den er beim Start ausgegeben hat.
web-your-name = Dein Name
web-start = Loslegen
web-ask = Um Einlass bitten
web-look-again = Noch einmal nachsehen
web-back = Zurück zum Chat
web-pair = Dieser Link meldet diesen Browser an.
web-pair-again = Du bist schon als { $name } angemeldet. Mit dem Link bist du hier vielleicht jemand anderes.
web-pair-button = Hier anmelden
web-pair-failed-title = Dieser Link gilt nicht
web-pair-failed = Er wurde schon benutzt, ist abgelaufen oder nicht ganz kopiert. Bitte um einen neuen.
web-problem-title = Das hat nicht geklappt
web-offline-title = Keine Verbindung
web-offline = Der Assistent ist gerade nicht zu erreichen. Deine Nachrichten sind bei ihm sicher.

web-error-not-signed-in = Du bist nicht mehr angemeldet. Öffne deinen Link noch einmal.
web-error-forbidden = Das darfst du nicht.
web-error-stale-page = Diese Seite ist zu alt. Lade sie neu und versuch es noch einmal.
web-error-too-many-tries = Das war zu oft. Warte ein paar Minuten und versuch es noch einmal.
web-error-not-found = Hier ist nichts.
web-error-bad-request = Damit konnte der Assistent nichts anfangen.
web-error-too-large = Das ist zu viel auf einmal. Schick weniger oder kleinere Bilder.
web-error-too-many-pictures = Eine Nachricht kann höchstens zehn Bilder haben.
web-error-unavailable = Der Assistent ist nicht bereit. Versuch es gleich noch einmal.
web-error-internal = Hier ist etwas schiefgegangen. Es wurde notiert; bitte versuch es noch einmal.
web-error-no-connection = Der Assistent ist nicht zu erreichen. Was du geschrieben hast, ist noch da: Versuch es noch einmal.

web-sign-in-title = Anmelden
web-sign-in = Anmelden
web-sign-in-with = Mit Name und Passwort anmelden
web-sign-in-name = Name zum Anmelden
web-sign-in-failed = Dieser Name und dieses Passwort gehören nicht zusammen.
web-sign-in-links = Vergessen? Öffne einen Link: einen aus einem angemeldeten Browser („Auf anderem Gerät“), oder frag die Besitzerin oder den Besitzer.
web-account = Konto
web-account-who = Du bist { $name }.
web-password = Passwort
web-password-none = Du kommst über Links herein. Mit Name und Passwort kannst du dich auch überall anmelden.
web-password-has = Du kannst dich als { $name } anmelden.
web-password-current = Bisheriges Passwort
web-password-new = Neues Passwort
web-password-hint = Lang ist gut: Mehrere Wörter genügen. Andere Browser werden abgemeldet.
web-password-set = Passwort setzen
web-password-change = Passwort ändern
web-password-remove = Passwort entfernen
web-password-short = Ein Passwort hat mindestens 8 Zeichen.
web-password-short-staff = Das Passwort von jemandem, der den Assistenten betreut, hat mindestens 12 Zeichen.
web-password-long = Ein Passwort hat höchstens 1.000 Zeichen.
web-password-common = Dieses Passwort würden alle versuchen. Wähl ein anderes.
web-password-name = Ein Name zum Anmelden hat 1 bis 60 Zeichen.
web-password-name-taken = Mit diesem Namen meldet sich schon jemand an. Wähl einen anderen.
web-password-current-wrong = Das ist nicht dein bisheriges Passwort.
web-browsers = Angemeldete Browser
web-browser-this = Dieser
web-browser-unknown = Irgendein Browser
web-browsers-end = Alle anderen abmelden

web-not-now = Nicht jetzt
web-first-password-title = Ein Passwort setzen?
web-first-password-why = Ohne Passwort kommt ein Browser, der dich vergisst, nur mit einem neuen Link aus dem Terminal zurück.
web-first-password-hint = Lang ist gut: Mehrere Wörter genügen, mindestens 12 Zeichen.
web-code = Code
web-code-what = Tipp die sechs Ziffern ein, die deine Authenticator-App zeigt, oder einen deiner Notfallcodes.
web-code-wrong = Dieser Code ist falsch, zu alt oder schon benutzt. Warte auf den nächsten.
web-code-lost = Beides verloren? Öffne einen Link: aus einem angemeldeten Browser, von der Besitzerin oder dem Besitzer, oder von „whimbrel pair“ auf dem Rechner.
web-account-back = Zurück zum Konto
web-factor = Zweiter Faktor
web-factor-off = Damit verlangt das Anmelden neben dem Passwort einen Code einer Authenticator-App. Links gelten weiter ohne ihn.
web-factor-advised = Du betreust diesen Assistenten: Es lohnt sich.
web-factor-on =
    Das Anmelden verlangt einen Code deiner Authenticator-App. { $codes ->
        [0] Es ist kein Notfallcode mehr übrig: Schalte es aus und wieder ein, um neue zu bekommen.
        [one] Ein Notfallcode ist noch übrig.
       *[other] { $codes } Notfallcodes sind noch übrig.
    }
web-factor-needs-password = Setz zuerst ein Passwort: Der Code wird zusätzlich verlangt.
web-factor-begin = Einschalten
web-factor-again = Neu beginnen
web-factor-scan = Scanne dieses Bild mit einer Authenticator-App und tipp den Code ein, den sie dann zeigt. Alle anderen Browser werden abgemeldet.
web-factor-picture = QR-Code für eine Authenticator-App
web-factor-by-hand = Oder tipp das hier ein:
web-factor-confirm = Mit diesem Code einschalten
web-factor-remove = Ausschalten
web-recovery = Notfallcodes
web-recovery-what = Ab jetzt verlangt das Anmelden einen Code. Heb diese auf: Jeder öffnet einmal, wenn du die App nicht hast. Niemand kann sie noch einmal zeigen.
web-recovery-kept = Ich habe sie aufgehoben

web-oidc-sign-in = Anmelden mit { $provider }
web-oidc-on-the-way = Weiter zu { $provider } …
web-oidc-go-on = Weiter
web-oidc-linked = Du kannst dich mit { $provider } anmelden.
web-oidc-not-linked = Verknüpfe dein Konto dort, dann kannst du dich überall mit { $provider } anmelden.
web-oidc-link = { $provider } verknüpfen
web-oidc-unlink = Verknüpfung lösen
web-oidc-stale = Diese Anmeldung hat in einem anderen Browser oder vor zu langer Zeit begonnen. Fang noch einmal an.
web-oidc-denied = Du wurdest nicht angemeldet: { $provider } war nicht einverstanden, oder du nicht.
web-oidc-untrue = Was { $provider } über dich sagt, ließ sich nicht prüfen; deshalb wurde niemand angemeldet. Versuch es noch einmal, und sag der Besitzerin oder dem Besitzer Bescheid, wenn es so bleibt.
web-oidc-unavailable = { $provider } antwortet nicht, wie es soll. Versuch es gleich noch einmal, oder komm auf anderem Weg herein.
web-oidc-stranger = { $provider } kennt dich, aber hier kennt dich noch niemand. Öffne erst den Link deiner Einladung und verknüpfe dann { $provider } unter „Konto“.
web-oidc-not-allowed = { $provider } kennt dich, aber dein Konto dort gehört nicht zu denen, die hier hereindürfen. Frag die Besitzerin oder den Besitzer.
web-oidc-blocked = Die Besitzerin oder der Besitzer dieses Assistenten hat dich nicht hereingelassen.
web-oidc-taken = Mit diesem Konto von { $provider } kommt hier schon jemand anders herein.
web-oidc-has-another = Du kommst mit einem anderen Konto von { $provider } herein. Löse erst diese Verknüpfung.

web-skip = Zum Schreiben springen
web-conversations = Gespräche
web-new = Neues Gespräch
web-untitled = Neues Gespräch
web-close = Schließen
web-theme = Hell oder dunkel
web-move = Auf anderem Gerät nutzen
web-move-what = Öffne dort einen dieser Links. Er gilt einmal, 15 Minuten lang. Wer ihn öffnet, ist hier du: Gib ihn nicht weiter.
web-more = Mehr
web-help = Was es kann
web-about = Über
web-privacy = Datenschutz
web-export = Meine Daten laden
web-dashboard = Dashboard
web-sign-out = Abmelden
web-rename = Umbenennen
web-title = Titel
web-save = Speichern
web-cancel = Abbrechen
web-delete = Löschen
web-delete-title = Dieses Gespräch löschen?
web-delete-what = Seine Nachrichten und Bilder sind dann für immer weg.
web-demonstration = Vorführmodell: Verbinde ein echtes.
web-demonstration-link = Wie?
web-no-script = Der Chat braucht JavaScript, das in diesem Browser abgeschaltet ist.

web-transcript = Was gesagt wurde
web-earlier = Frühere Nachrichten zeigen
web-you-said = Du sagtest
web-assistant-said = { $assistant } sagte
web-notice = Hinweis
web-picture = Bild { $number }
web-picture-coming = Ein Bild ist unterwegs…
web-copy = Kopieren
web-copy-code = Code kopieren
web-copied = Kopiert
web-retry = Noch einmal
web-stop = Anhalten
web-download = Herunterladen
web-waiting =
    { $place ->
        [0] Du bist als Nächstes dran…
        [one] Eine andere Frage ist vorher dran…
       *[other] { $place } andere Fragen sind vorher dran…
    }
web-thinking = Denkt nach…
web-writing = Schreibt…
web-answered = Die Antwort ist vollständig.
web-reconnecting = Die Verbindung ist abgerissen. Neuer Versuch…
web-ended-cancelled = Angehalten.
web-ended-failed = Das ließ sich nicht beantworten.

web-write = Schreib eine Nachricht
web-send = Senden
web-add-picture = Bilder hinzufügen
web-take-picture = Foto machen
web-remove-picture = Dieses Bild entfernen
web-pictures-to-send = Bilder zum Senden
web-drop = Leg deine Bilder hier ab
web-hint = { $assistant } ist eine KI und kann sich irren.
web-hello = Hallo! Was sehen wir uns an?
web-hello-name = Hallo { $name }, was sehen wir uns an?
web-hello-what = Zieh ein Bild hierher und frag danach, oder fang mit einem von diesen an.
web-samples = Beispielbilder
web-sample-red-circle = Ein roter Kreis
web-sample-blue-square = Ein blaues Quadrat
web-sample-green-triangle = Ein grünes Dreieck
web-sample-yellow-star = Ein gelber Stern
web-sample-purple-heart = Ein lila Herz
web-sample-orange-moon = Ein orangefarbener Mond
web-sample-question = Was ist auf diesem Bild?
web-starters = Fragen für den Anfang
web-starter-who = Wer bist du?
web-starter-what = Was kannst du?
web-starter-how = Welches Modell bist du?

web-connect-title = Ein echtes Modell verbinden
web-connect-why = { $assistant } läuft mit einem kleinen Vorführmodell, das nur alltägliche Dinge auf einfachen Bildern kennt und oft irrt. Es arbeitet mit jedem Server, der das Protokoll von OpenAI spricht, und mit eigenen Checkpoints von Llama 4. Halte es an und starte es auf eine dieser Arten neu:
web-connect-own-title = Ein Checkpoint auf diesem Rechner
web-connect-env = Dieselben Angaben können in einer Datei namens .env stehen, eine je Zeile.
web-connect-check = Diese Befehle suchen Modellserver auf diesem Rechner und sagen, was ein Modell braucht:

web-board-turns = Fragen der letzten 24 Stunden
web-board-collecting = Wird gesammelt
web-board-queued = Wartet
web-board-running = Wird beantwortet
web-board-answered = Beantwortet
web-board-cancelled = Angehalten
web-board-refused = Abgelehnt
web-board-failed = Gescheitert
web-board-oldest =
    { $seconds ->
        [one] Die älteste wartet seit einer Sekunde.
       *[other] Die älteste wartet seit { $seconds } Sekunden.
    }
web-board-workers = Worker
web-board-no-workers = Kein Worker ist bereit: Nichts wird beantwortet.
web-board-no-broker = Der Broker antwortet nicht.
web-board-window = { $tokens } Token Kontext
web-board-failures = Gescheiterte Fragen
web-board-no-failures = Keine in den letzten 30 Tagen.
web-board-told = Der Person wurde gesagt:
web-board-crashes =
    { $count ->
        [one] Ein Worker ist daran gestorben.
       *[other] { $count } Worker sind daran gestorben.
    }
web-board-strangers = Leute, die um Einlass bitten
web-board-no-strangers = Niemand wartet.

# Die Warteschlange

web-queue = Prüfen
web-queue-next = Mit dem Dringendsten anfangen
web-queue-waiting = Wartet
web-queue-empty = Auf dich wartet nichts.
web-queue-second = Hier braucht es einen zweiten Menschen
web-queue-agree = Zustimmen
web-queue-disagree = Ablehnen
web-queue-held = die Antwort wartet
web-queue-taken = Jemand anderes sieht sich das an
web-queue-decided = Das ist entschieden.
web-queue-undo = Zurücknehmen
web-queue-done = { $verdict ->
    [dismiss] Nichts dagegen
    [release] Durchgelassen
    [remove] Entfernt
    [warn] Eine Verwarnung
    [strike] Ein Verstoß
    [mute] Eine Pause
    [reveal] Ein Gespräch lesen
    [export] Alles mitnehmen
    [delete] Alles löschen
   *[ban] Ein Ausschluss
}
web-queue-reports = { $count ->
    [one] einmal gemeldet
   *[other] { $count }-mal gemeldet
}
web-priority = { $priority ->
    [low] niedrig
    [normal] normal
    [high] hoch
   *[urgent] dringend
}
web-age = { $unit ->
    [seconds] vor { $number } s
    [minutes] vor { $number } min
    [hours] vor { $number } h
   *[days] vor { $number } Tagen
}
web-restriction = { $kind ->
    [warning] Verwarnung
    [strike] Verstoß
    [mute] Pause
   *[ban] Ausschluss
}
web-case-said = Was gesagt wurde
web-case-erased = Die Nachricht ist nicht mehr da.
web-case-person = Mensch
web-case-assistant = Assistent
web-case-picture = Ein gesendetes Bild; mit p oder einem Klick zu sehen
web-case-why = Warum es hier ist
web-case-reported = Gemeldet:
web-case-policy = Fassung { $number } der Regeln
web-case-about = Über
web-case-past = Frühere Meldungen: { NUMBER($flags) }, Maßnahmen: { NUMBER($restrictions) }
web-case-decide = Entscheiden
web-case-note = Eine Notiz für die Akten
web-case-skip = Anderen überlassen
web-case-snooze = In einer Stunde wieder
web-case-escalate = An eine höhere Rolle
web-decide-dismiss = Nichts dagegen
web-decide-release = Durchlassen
web-decide-remove = Nachricht entfernen
web-decide-warn = Verwarnen
web-decide-strike = Verstoß
web-decide-mute-day = Einen Tag Pause
web-decide-mute-week = Eine Woche Pause
web-decide-ban-month = Einen Monat ausschließen
web-decide-ban = Für immer ausschließen
web-keys = Tasten
web-keys-decide = entscheiden, und weiter zum nächsten
web-keys-back = zurück
web-keys-pictures = Bilder zeigen oder verbergen
web-keys-close = Schließen

# Die Regeln

web-policies = Regeln
web-policies-versions = Fassungen
web-policies-live = gilt
web-policies-shipped = Die mitgelieferte
web-policies-changes = Was sich ändern würde
web-policies-publish = Fassung { $number } in Kraft setzen
web-policies-text = Der Wortlaut
web-policies-edit = Ändern und als neue Fassung behalten
web-policies-note = Was anders ist, in wenigen Worten
web-policies-keep = Als neue Fassung behalten
