# Why something cannot be done as things are, by the codes of app and authority.

conflict-other = Things have changed, or a rule does not allow it.
conflict-already-connected = The employer is already connected to the service.
conflict-application-open = There is already a registered application from the same employer. Close that one first.
conflict-case-moved-on = Somebody else has already closed the case.
conflict-catalogue-in-use = The new catalogue lacks an authorisation that somebody has. End those authorisations first, or keep them in the catalogue.
conflict-catalogue-same = The catalogue is in force already, word for word.
conflict-changed-meanwhile = Somebody else changed the same thing at the same time. Open the page again and try once more.
conflict-evidence-refused = The answer from the e-ID was not accepted.
conflict-invitation-not-open = There is nothing to confirm. Either it is done already, or the other invitation has not been used.
conflict-invitation-same-person = You have used one invitation already. The other is for somebody else: there must be two people.
conflict-mandate-ended-already = The authorisation has ended already.
conflict-mandate-exists = The person already has that authorisation. Take it away first if the last day should be another.
conflict-not-a-demo = That can be done in a demo only.
conflict-not-installed = The installation is not finished. Those who run it need to complete it.
conflict-no-new-key = The key could not be turned.
conflict-order-moved-on = The login or signature is finished already.
conflict-order-not-ready = The login or signature is not ready yet, or has been used already.
conflict-session-ended = You have been logged out. Log in again.
conflict-terms-version = That version of the terms does not apply.
conflict-text-too-long = The text is too long to be signed. Make it shorter.
conflict-two-persons = You registered the application. Somebody else must confirm it: there must always be two people.
conflict-give-to-self = You cannot give yourself authorisation. Ask another authorisation administrator.
conflict-give-nothing = There is nothing to give: choose an authorisation and a last day that has not passed.
conflict-give-kind = That authorisation cannot be given in this way.
conflict-give-not-held = You do not have the right to give that authorisation.
conflict-give-interval = Your own right to give authorisation ends earlier. Choose a last day before that.
conflict-give-too-deep = The chain of authorisations would become too long. Ask an administrator who stands closer to the application.
conflict-rule-needs-successor = This is the last authorisation administrator. Give somebody else that role first.
conflict-rule-gives = Only the employer itself can give that authorisation.
conflict-rule-two-persons = Somebody else must take this step: there must always be two people.
conflict-end-not-found = The authorisation does not exist, or has ended already.

# Faults of a field, by the codes of app.

fault-field-missing = Fill this in.
fault-name-form = Check the name. It may have at most 200 characters.
fault-email-form = Check the e-mail address. It should look like name@example.com.
fault-date-form = Write the day as year, month and day, for example 2026-11-03.
fault-date-future = The day has not come yet. Write a day up to today.
fault-date-past = The day has passed. Write today or a later day.
fault-terms-version = Choose a version of the terms that applies or has applied.
fault-scan-too-large = The file is too large. It may be at most 5 MB.
fault-scan-type = We do not accept this kind of file. Save it as PDF, PNG or JPEG.
fault-unknown-permission = Choose one of the authorisations in the list.
fault-invitation-unknown = The code is not right. Check that all 25 characters are there.
