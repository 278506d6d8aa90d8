# The first page of the demo: three minutes, the clock, the log.

demo-title = Try Behörig
demo-lead = Everything here is invented. Follow the numbered steps, or choose one of the people. A button really logs the person in, with a simulated telephone.
demo-lead-next = You are on your way to a page that needs a login. Choose who you want to be, and you get there afterwards.
demo-steps = Three minutes, step by step
demo-steps-says = One window has one person at a time: whoever you become in it logs out the one before. Open a private window for Cecilia, with this page, and be Farid, and later Nils, in this one. Then they stay logged in while she decides.
demo-step-be = Be { $name }
demo-step-refused = Refused, and asks.
demo-step-refused-says = Farid wants to report that a colleague is ill, but his permission has ended. The page says what is missing and who can mend it. Press “Ask for authority”.
demo-step-granted = Granted.
demo-step-granted-says = Cecilia decides at the haulier. Open Farid’s request and give him the permission.
demo-step-works = It works at the next click.
demo-step-works-says = Back in Farid’s window, or be Farid again, fill in the report: personal number { $number }, name Hassan Ivarsson, workplace Terminalen, first sick day { $day }, degree 100 per cent, contact David Ek, telephone 08-123 45 67. Leave the rest empty. Review it, press “BankID on this device”, then “Start the BankID app”, and “Approve” in the simulated telephone.
demo-step-why = Why, and taken away.
demo-step-why-says = As Cecilia open “Why?” at Farid’s permission: there stands the whole chain of reasons. Then take it away. The page that Farid has open in his own window ends at his next click.
demo-step-elsewhere = Another e-service.
demo-step-elsewhere-says = Nils orders forms in an e-service that somebody else runs. Be Nils at the haulier. Then open the e-service: it logs him in here, shows whom he represents and asks us what he may do. Leave his window open. As Cecilia, in hers, take away “Orderer of forms” from Nils, and his next click says no.
demo-step-elsewhere-go = Open the example service
demo-step-letters = The letters.
demo-step-letters-says = Farid has been told when the permission was given and when it was taken away, and Cecilia when somebody asked.
demo-step-letters-go = Open the mailbox
demo-step-clock = Time passes.
demo-step-clock-says = Move the clock 7 days. The application from Lundby Trädgård lapses on its day, and the letters about it are dated then.
demo-step-clock-go = To the clock
demo-step-log = The proof.
demo-step-log-says = What you have done is recorded: be Cecilia and read it under “Events”. Then alter one record in a copy of the log and see that the verification finds that very one.
demo-step-log-go = To the log
demo-group-employer = At employers
demo-group-agency = At the agency
demo-group-private = Private persons and employees
demo-clock = Move the clock
demo-clock-now = Here it is { $day }.
demo-clock-says = What is to happen until then happens in order, each thing on its day. Logins that end on the way end. The clock only goes forward.
demo-clock-button = { $days ->
    [one] 1 day ahead
   *[other] { $days } days ahead
  }
demo-clock-moved = It is now { $day }
demo-clock-moved-says = What was to happen until then has happened. Letters about it lie in the mailbox. Whoever was logged in has to log in again.
demo-log = Try the log
demo-log-says = The button copies the whole database, alters one record in the copy, verifies the copy and throws it away. The real log is not touched.
demo-log-button = Alter a record in a copy
altered-title = One record was altered in a copy
altered-did = In a copy of the database record { $number } was rewritten. It said: “{ $event }”, { $at }.
altered-copy-unsound = The change was found
altered-copy-sound = The change was not found
altered-copy-says = The verification read { $count } records of the copy and compared them with what is signed.
altered-finding = Record { $number } was altered: its text is not the one that was logged.
altered-finding-other = Something more does not fit: { $code }.
altered-own-sound = The real log is sound
altered-own-unsound = The real log is not sound
altered-own-says = The same verification read { $count } records of the real database. The copy is gone.
altered-report = What the command says
altered-report-says = “behorig log verify” writes this about the copy:
altered-more = More about the log
