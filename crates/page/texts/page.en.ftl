# The frame of the pages, forms and dates.

page-skip = Skip to content
page-title-error = Error:
page-nav = Pages
page-logout = Log out
page-date-time = { $date } at { $time }

page-mark-demo = Demo.
page-mark-demo-says = All people and companies are invented. Nothing here has any effect.
page-mark-test = Test.
page-mark-test-says = What you do here has no real effect.

page-acting-label = Whom you represent
page-acting-myself = { $name } – you are here for yourself
page-acting-organisation = You represent { $name }
page-acting-person = You represent { $name }
page-acting-agency = You work for { $name }
page-acting-role = Role: { $role }
page-acting-switch = Change

page-session-until = You will be logged out at { $time } unless you do something.
page-session-renew = Stay logged in
page-session-warning = You will soon be logged out
page-session-warning-says = You will be logged out within two minutes. What you have written on the page stays if you continue.
page-session-stay = Stay logged in

page-footer-help = Help
page-footer-accessibility = Accessibility
page-footer-terms = Terms
page-footer-cookies = Cookies

form-summary = Correct this first
form-error-prefix = Error:
form-optional = (optional)
form-select-empty = Choose
form-day-format = Write year, month and day: YYYY-MM-DD
form-file-format = PDF, PNG or JPEG, at most 10 MB

# Faults of a field, by their codes.
fault-required = Fill this in.
fault-choose = Choose one.
fault-too-long = The text is too long. Make it shorter.
fault-day = Write the day as year, month and day, for example 2026-11-03.
fault-email = Check the e-mail address. It should look like name@example.com.
fault-phone = Check the telephone number. Write digits only, with the country code if it is foreign.
fault-file-missing = Choose a file.
fault-file-type = We do not accept this kind of file. Save it as PDF and try again.
fault-file-size = The file is too large. It may be at most 10 MB.
fault-ident-length = The number has the wrong number of digits. A personal number has 12 digits, an organisation number 10.
fault-ident-digits = Write digits only, with a hyphen before the last four if you like.
fault-ident-type = This is a number of another kind. Check which number belongs here.
fault-ident-date = The date in the number does not exist. Check year, month and day.
fault-ident-century = The year is not possible. Write the year in four digits.
fault-ident-serial = The last four digits are not possible. Check them.
fault-ident-checksum = The number is not right. One digit is wrong, or two have changed places.
fault-other = The answer cannot be used ({ $code }).
