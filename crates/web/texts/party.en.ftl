# Whom one represents, and the first page for them.

party-title = Whom do you want to represent?
party-lead = Everything you do is for the one you choose. You can change whenever you want without logging in again.
party-myself = For myself
party-agency = You work here: { $roles }
party-current = Chosen now
party-search = Search name or organisation number
party-search-do = Search
party-found = Showing { $shown } of { $found }.

home-title = Start
home-lead-myself = This is what you can do for yourself.
home-lead-party = This is what you can do for { $name }.
home-may = What you may do
home-missing = What stops you just now
home-alone = Will you represent an employer?
home-alone-says = Then you need authority from there. Ask for it here, or talk to the authorisation administrator at the employer. It works as soon as you load the page again.
home-alone-ask = Ask for authority
home-more = Ask for more authority, or see what you have asked for
home-requests = Somebody asks for authority
home-requests-says = { $count ->
    [one] One request waits for an answer.
   *[other] { $count } requests wait for an answer.
 }
home-requests-link = See and answer
