# One's own overview: for whom one may act and why, receipts and logins.

nav-mine = My overview
nav-mine-says = See for whom you may act and why, your receipts and where you are logged in.
mine-title = My overview
mine-lead = Here you see for whom you may act, what that rests on and what there is about you here.
mine-parties = For whom you may act
mine-parties-self = For yourself you may always do what the services open to everyone.
mine-parties-none = Nobody has authorised you to represent anybody else.
mine-caption = Your authorisations at { $name }
mine-given-by = Given by
mine-by-administrator = An authorisation administrator at { $organisation }
mine-act = More
mine-more = More about you
mine-receipts = My receipts
mine-receipts-says = Fetch proof of what you have signed.
mine-receipts-lead = This is what you have signed. The receipt is a file which shows that it is in our log. Anybody can check it, without our help. That you read the list becomes an event too.
mine-receipts-none = You have not signed anything here.
mine-receipts-check = The receipt holds no names and no personal numbers.
mine-receipt = Receipt
mine-receipt-get = Fetch
mine-sessions = My logins
mine-sessions-says = See where you are logged in, and log out there.
mine-why-allowed = You may do this for { $organisation }: { $what }.
mine-why-refused = You may not do this for { $organisation } just now: { $what }.
mine-why-own = You have the authorisation { $what } at { $organisation }.
mine-why-giver = An authorisation administrator at { $organisation } has { $what } and may give it on.
mine-why-given = Given { $date } by an authorisation administrator at { $organisation }.
mine-why-note = The answer holds { $time }, logged in as you are now.
mine-why-others = This is part of the authorisation
conflict-receipt-not-yet = The receipt is not ready yet. It takes a few seconds. Try again.

sessions-title = My logins
sessions-lead = { $count ->
    [one] You are logged in at one place.
   *[other] You are logged in at { $count } places.
}
sessions-says = A login ends by itself 30 minutes after you last did something, and at the latest two hours after you logged in.
sessions-where = Where
sessions-method = Logged in with { $method }
sessions-party = Represents
sessions-opened = Logged in
sessions-seen = Last used
sessions-ends = Ends
sessions-act = More
sessions-this = This one
sessions-self = Yourself
sessions-end = Log out there
sessions-end-others = Log out everywhere else
sessions-client = { $browser } on { $system }
sessions-client-other = Another browser
sessions-client-unknown = An unknown browser
sessions-unknown = Is there a login that you do not recognise? Log out there, and contact whoever issued your e-ID.
