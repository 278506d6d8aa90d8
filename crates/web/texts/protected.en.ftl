# Opening data about people with protected identity.

nav-protected = Protected identity
nav-protected-says = Open data about a person whose name and number are not shown.
protected-title = Open protected personal data
protected-lead = Each time you open data, it becomes an event with your reason. The person sees it among their own events.
protected-number = Personal identity number
protected-reason = Why you need the data
protected-reason-errand = An errand of the person’s, or about the person
protected-reason-own-request = The person has asked for it
protected-reason-correction = Something that is kept here is wrong
protected-reason-review = Review of what colleagues have opened
protected-button = Open
protected-cancel = Cancel
protected-opened = The data
protected-opened-says = Do not pass it on. It is shown once; next time we ask for a reason again.
protected-nobody = No such person
protected-nobody-says = Nobody with that personal identity number has protected identity here.
protected-again = Open one more person
protected-form = Kind of protection
protected-form-secrecy-marking = Secrecy marking
protected-form-protected-registration = Protected registration
protected-form-number-replaced = The person has another identity now
protected-name = Name
protected-email = E-mail address
protected-not-kept = Not kept here
protected-mark = Who is protected
protected-mark-says = Only the population register decides that. Nobody here can add or take away a protection.
