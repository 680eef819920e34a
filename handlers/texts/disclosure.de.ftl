# Was hier antwortet, und wo

disclosure = Du sprichst mit { $assistant }, einem KI-Assistenten: Hier antwortet ein Programm und kein Mensch, und es kann sich irren. /about sagt, welches, /privacy, wer dies lesen kann.{ $llama ->
    [yes] {" "}Built with Llama.
   *[no] {""}
}
goes-elsewhere = Bevor ich antworte: Was du hier schreibst und schickst, liest von jetzt an auch ein Server, der nicht auf dem eigenen Rechner meines Betreibers läuft: { $places }. Mein Betreiber hat ihn ausgewählt. Wenn du das nicht möchtest, schreib nicht weiter; mit /new vergesse ich, was vorher gesagt wurde, /delete löscht es, /privacy sagt mehr.
