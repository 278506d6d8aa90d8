# Operations: how the system stands and what runs out.

nav-operations = Operations
nav-operations-says = See how the system stands and which certificates and keys run out soon.
operations-title = Operations
operations-lead = For those who run the system. Alarms and what to do stand in the operators' guide.
operations-expiries = What runs out
operations-expiries-says = If the installation has an address of operations, a letter goes there 90, 30 and 7 days before, and when time has run out.
operations-what = What
operations-when = Runs out
operations-left = Left
operations-do = What to do
operations-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
operations-expired = Has run out
operations-now = How it stands now
operations-now-says = As seen from the server that answered.
operations-store = Writing to the database
operations-provider = BankID
operations-provider-lately = { $failed } of { $all } calls failed in the last { $minutes } minutes.
operations-log = Oldest event that is not signed
operations-mail = Letters that wait
operations-mail-oldest = Oldest letter that waits
operations-late = Oldest deadline that is not carried out
operations-seconds = { $count ->
    [0] Nothing waits
    [one] 1 second
   *[other] { $count } seconds
}
operations-well = Works
operations-fails = { $count ->
    [one] Has not worked for 1 second
   *[other] Has not worked for { $count } seconds
}

expiry-bankid-certificate = BankID: our certificate
expiry-bankid-certificate-do = Order a new one from the bank, replace the files and restart.
expiry-bankid-issuers = BankID: the issuers of our certificate
expiry-bankid-issuers-do = Order a new certificate from the bank. Its issuers come with it.
expiry-bankid-server-roots = BankID: the server's root
expiry-bankid-server-roots-do = Fetch the new root from BankID, add it to the file and restart.
expiry-bankid-signing-roots = BankID: the root of people's certificates
expiry-bankid-signing-roots-do = Fetch the new root from BankID, add it to the file and restart.
expiry-public-certificate = The site's certificate
expiry-public-certificate-do = Renew it, replace the files and restart.
expiry-key-vault = The key that protects personal data
expiry-key-vault-do = Turn it: behorig keys rotate vault
expiry-key-lookup = The key that finds people
expiry-key-lookup-do = It is not turned.
expiry-key-checkpoint = The key that signs the log
expiry-key-checkpoint-do = Turn it: behorig keys rotate checkpoint
expiry-key-forms = The key that guards forms
expiry-key-forms-do = Turn it: behorig keys rotate forms
expiry-key-tokens = The key that signs what e-services are told
expiry-key-tokens-do = Turn it: behorig keys rotate tokens
