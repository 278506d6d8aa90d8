# Why an answer in a form cannot be used, by its code.

fault-field-missing = Fill this in.
fault-choose = Choose one.
fault-text-too-long = The text is too long. Make it shorter.
fault-name-form = The name cannot be used. It may be at most 200 characters, on one line.
fault-date-form = Write the day as year, month and day, for example 2026-11-03.
fault-date-past = The day has passed. Choose today or later.
fault-date-future = The day has not come yet. Choose today or earlier.
fault-email-form = Check the e-mail address. It should look like name@example.com.
fault-phone-form = Check the telephone number. Write digits only, with the country code if it is foreign.
fault-scan-type = We do not accept this kind of file. Save it as PDF, PNG or JPEG and try again.
fault-scan-too-large = The file is too large. It may be at most 10 MB.
fault-terms-version = That version of the terms does not exist. Choose another.
fault-unknown-permission = The permission does not exist. Choose another.
fault-invitation-unknown = The code is not right, or it has been used already. Check it.
fault-ident-length = The number has the wrong number of digits. A personal number has 12 digits, an organisation number 10.
fault-ident-digits = Write digits only, with a hyphen before the last four if you like.
fault-ident-type = This is a number of another kind. Check which number belongs here.
fault-ident-date = The date in the number does not exist. Check year, month and day.
fault-ident-century = The year is not possible. Write the year in four digits.
fault-ident-serial = The last four digits are not possible. Check them.
fault-ident-checksum = The number is not right. One digit is wrong, or two have changed places.
fault-other = The answer cannot be used ({ $code }).

# Why something cannot be done as things are, by its code.

conflict-session-ended = You have been logged out.
conflict-changed-meanwhile = Somebody else changed the same thing at the same time.
conflict-order-moved-on = The identification or signature has ended already.
conflict-nothing-logged = There is nothing in the log yet. Try again in a while.
conflict-text-too-long = The text is too long to be signed.
conflict-terms-version = That version of the terms does not exist.
conflict-already-connected = The organisation is connected already.
conflict-application-open = There is already an undecided application for the organisation.
conflict-case-moved-on = Somebody else has taken this step already.
conflict-two-persons = You took the previous step yourself. Another person must take this one.
conflict-mandate-exists = The person has this authority already.
conflict-mandate-ended-already = The authority has ended already.
conflict-invitation-same-person = You have used an invitation already. The other one is for another person.
conflict-invitation-not-open = The invitation cannot be confirmed now.
conflict-not-installed = The installation is not finished.
conflict-not-a-demo = This is possible only in a demo.
conflict-catalogue-same = This catalogue is in force already.
conflict-catalogue-in-use = The catalogue leaves out something that is in use.
conflict-no-new-key = There is no new key to change to.
conflict-give-to-self = { broken-give-to-self }
conflict-give-nothing = { broken-give-nothing }
conflict-give-kind = { broken-give-kind }
conflict-give-not-held = { broken-give-not-held }
conflict-give-interval = { broken-give-interval }
conflict-give-too-deep = { broken-give-too-deep }
conflict-end-not-found = { broken-end-not-found }
conflict-rule-gives = { broken-rule-gives }
conflict-rule-two-persons = { broken-rule-two-persons }
conflict-rule-needs-successor = { broken-rule-needs-successor }
conflict-other = Something else has happened to this since you opened the page.
