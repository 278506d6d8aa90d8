# The employer's sickness report: from the form to the officer.

employer-menu-reports = Sickness reports
employer-menu-received = Received sickness reports

# The list.

employer-reports-title = Sickness reports
employer-reports-lead = Report an employee who is still ill when the sick-pay period has ended.
employer-reports-none = There are no sickness reports here yet.
employer-reports-caption = Sickness reports sent, the latest first
employer-new = New sickness report
employer-older = Show older
employer-column-employee = Employee
employer-column-first-sick-day = First sick day
employer-column-received = Received
employer-column-sender = Sent by
employer-column-state = State
employer-column-reference = Reference code
employer-column-organisation = Employer
employer-column-act = Action
employer-erased-name = This has been erased

employer-state-received = Received, not opened
employer-state-opened = Opened by an officer
employer-state-withdrawn = Withdrawn
employer-state-opened-at = Opened by an officer { $time }
employer-state-withdrawn-at = Withdrawn { $time }
employer-late = Late report
employer-late-says = The last day for the report had passed when it came in, so it is marked as late. It is dealt with all the same.

# The form.

employer-form-title = New sickness report
employer-form-lead = You can send a report from sick day { $first } on, and it is to have come in by sick day { $last }. Do not write anything about which illness it is.
employer-form-employee = The employee
employer-form-absence = The sickness absence
employer-form-contact = Contact with you
employer-form-contact-says = Whom shall we ask if something is unclear? Fill in telephone or e-mail, or both.
employer-form-next = Review the report
employer-cancel = Cancel
employer-field-employee-number = Personal number or coordination number
employer-field-employee-number-hint = Twelve digits: YYYYMMDD-NNNN
employer-field-employee-name = First name and surname
employer-field-workplace = Workplace
employer-field-workplace-hint = Name or address of the place where the employee works.
employer-field-first-sick-day = First sick day
employer-field-first-sick-day-hint = The first day of sickness absence. It counts as sick day 1.
employer-field-last-sick-pay-day = Last day with sick pay
employer-field-last-sick-pay-day-hint = Leave it empty if you paid sick pay for the whole sick-pay period. It will then be sick day { $days }.
employer-field-degree = Degree
employer-field-degree-hint = For how much of the working time is the employee ill?
employer-field-contact-name = Name of the contact
employer-field-contact-phone = Telephone of the contact
employer-field-contact-email = E-mail of the contact
employer-degree = { $percent } per cent

employer-fault-first-in-future = The first sick day lies in the future. Write today or an earlier day.
employer-fault-first-too-old = The first sick day lies more than a year back. The earliest day you can write is { $earliest }. Check the year.
employer-fault-too-early = It is too early. With this first sick day you can send the report from { $opens } on.
employer-fault-last-sick-pay-day = The last day with sick pay is to lie in the sick-pay period: { $from } at the earliest and { $to } at the latest.
fault-sickness-line = Something in the text cannot be used, such as a line break or a hidden character. Write it again on one line.
fault-sickness-contact = Fill in a telephone number or an e-mail address.

# The text that is signed.

employer-text-heading = Sickness report from an employer
employer-text-employer = Employer
employer-text-workplace = Workplace
employer-text-employee = Employee
employer-text-number = Personal number or coordination number
employer-text-first-sick-day = First sick day
employer-text-last-sick-pay-day = Last day with sick pay
employer-text-degree = Degree
employer-text-contact = Contact
employer-text-phone = Telephone
employer-text-email = E-mail
employer-text-promise = I, { $name }, submit this report for { $organisation }. What it says is true.

# The review.

employer-review-title = Review and sign
employer-review-lead = Read the text. When you have signed it, the report is sent at once.
employer-review-text = This is what you sign
employer-review-change = Change the details
employer-review-late = The last day for the report has passed. You can send it all the same, but it will be marked as late.
employer-review-refused = The report cannot be sent today
employer-sign = Sign with BankID
employer-sign-says = The same text is shown in the BankID app. Check that it is right before you sign.
employer-sign-this = BankID on this device
employer-sign-this-says = If you have BankID in this telephone or computer.
employer-sign-other = BankID on another device
employer-sign-other-says = You scan a QR code with your telephone.
employer-back-to-review = Back to the review

# The receipt.

employer-receipt-title = Receipt for a sickness report
employer-receipt-received = The report has come in. No officer has opened it yet.
employer-receipt-opened = An officer has opened the report. It can no longer be withdrawn.
employer-receipt-withdrawn = The report has been withdrawn. No officer ever read it.
employer-receipt-text = The text that was signed
employer-fact-reference = Reference code
employer-fact-received = Received
employer-fact-signed = Signed
employer-fact-sender = Sent by
employer-fact-organisation = For
employer-fact-state = State
employer-erased = The text is not shown. It may have been erased, or be about somebody whose data is not shown.
employer-evidence = The signature
employer-evidence-says = The file is the answer from BankID, exactly as we got it. With it you can show what you signed. It contains personal data.
employer-evidence-download = Download the signature

# Withdrawing.

employer-withdraw = Withdraw the report
employer-withdraw-heading = Is something wrong?
employer-withdraw-says = You can withdraw the report until an officer opens it. Then you can send a new one.
employer-withdraw-title = Withdraw the report?
employer-withdraw-effect = The report is withdrawn at once, and no officer reads it. This cannot be undone, but you can send a new report.
employer-withdraw-not = Keep the report

# The officer's pages.

employer-received-title = Received sickness reports
employer-received-lead = When you open a report, its sender can no longer withdraw it.
employer-received-filter = Which reports are shown
employer-received-waiting = Not opened
employer-received-all = All
employer-received-none-waiting = No reports are waiting to be opened.
employer-received-none = No reports have come in.
employer-received-caption = Sickness reports received, the latest first
employer-received-one-title = Received sickness report
employer-open = Open the report
employer-show = Show
employer-one-waiting = The report has not been opened. When you open it, its sender can no longer withdraw it.
employer-one-withdrawn = The sender withdrew the report before anybody had opened it. Its text is therefore not shown.

employer-why = Why the sender could send the report
employer-why-lead = This is how things stood when the report was sent, whatever has changed since.
employer-why-gone = There is no longer any record of this.
employer-why-connected = { $organisation } was connected to the service.
employer-why-since = Since { $day }.
employer-why-accepted = { $organisation } had accepted the general terms, version { $version }.
employer-why-accepted-paper = On paper, in force from { $day }.
employer-why-accepted-service = In the e-service, in force from { $day }.
employer-why-administrator = { $name } decided about authorisations: { $permissions }.
employer-why-user = { $name } had the authorisation { $permissions }.
employer-why-given = Given by { $name } on { $day }.
employer-why-registered = Registered by the agency on { $day }, on the employer's application.
employer-why-until = In force until { $time }.
employer-why-signed = { $name } signed with BankID.
employer-why-signed-at = { $time }

# Why something cannot be done as things stand.

conflict-sickness-draft-gone = The draft is not here any more. It may have been sent, or be more than a day old. Fill in a new report if you do not find it in the list.
conflict-sickness-draft-changed = The draft was changed after its text had been shown to you, perhaps in another tab. Open the review again and read the new text.
conflict-sickness-rules = The report cannot be sent today. Open the review again to see why.
conflict-sickness-limits = The service is not set up correctly, so no report can be sent now. Contact us.
conflict-sickness-opened = An officer has opened the report. It can no longer be withdrawn.
conflict-sickness-withdrawn = The report has already been withdrawn.

# The letter to whoever has sent a report.

mail-sickness-report-sent-subject = We have received your report
mail-sickness-report-sent = We have received a report that you have sent in the e-services for employers.
    Reference code: { $argument }

    Log in to read the receipt: { $url }

# Events of the log.

event-employer-sickness-report-drafted = A sickness report was begun
event-employer-sickness-report-sent = A sickness report was sent
event-employer-sickness-report-sent-again = A sickness report was sent once more
event-employer-sickness-report-read = Sickness reports were read
event-employer-sickness-report-opened = A sickness report was opened
event-employer-sickness-report-withdrawn = A sickness report was withdrawn
