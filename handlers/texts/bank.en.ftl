# The bank of known pictures.
bank = Bank
bank-hint = Pictures that are known already, by a hash of what they show (PDQ). The pictures themselves are not kept here, and cannot be made from it.
bank-count = { $count ->
    [0] No picture is known yet
    [one] One picture is known
   *[other] { $count } pictures are known
}
bank-export = Export all hashes
bank-search = Look for a hash
bank-search-hint = How it begins, at least four digits.
bank-look = Look
bank-found = Hashes
bank-nothing = There is none.
bank-more = Earlier ones
bank-newest = The newest ones
bank-remove = Remove
bank-remove-one = Remove number { $number }
bank-add = Add hashes
bank-lines = Hashes to add
bank-lines-hint = One a line: the hash of 64 hexadecimal digits, a comma, and its category if it has another one than is chosen below.
bank-file = Or a file of such lines
bank-category = What they show
bank-note = A note for colleagues
bank-add-them = Add them
bank-taken = Added { $added }, known already { $known }, refused { $refused }.
bank-refused = Line { $line }: { $why ->
    [flat] this hash belongs to a picture so flat that it would be found in many others.
    [category] the policy does not know this category.
   *[no-hash] this is no PDQ hash of 64 hexadecimal digits.
}
bank-no-text = This file is not a text. Please send one line for each hash.
bank-too-flat = This picture shows too little: its hash would be found in many others, so it is not remembered.
bank-not-looked-at = This picture cannot be looked at just now, so it has no hash. Please try again; where it stays so, the extra “checks” is not installed for the bot.
bank-unknown-category = The policy does not know this category.
bank-remembered = This picture is remembered: it is found from now on, also scaled, mirrored or turned.
bank-known-already = This picture was known already.
bank-remember = Remember this picture
bank-remember-number = Remember picture { $number }
bank-remember-heading = Remember pictures
bank-remember-as = as
bank-nothing-given = Nothing was sent. Please paste hashes or choose a file; a file, and more than a few hundred hashes, need a browser with scripts.
bank-not-sent = That did not get through. Please try again.
