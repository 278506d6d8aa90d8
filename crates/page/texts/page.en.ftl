# The frame of the pages, forms and dates.

page-skip = Skip to content
page-title-error = Error:
page-nav = Pages
page-nav-start = Start
page-logout = Log out
page-date-time = { $date } at { $time }

page-mark-demo = Demo.
page-mark-demo-says = All people and companies are invented. Nothing here has any effect.
page-mark-steps = Back to the steps
page-mark-moved = The clock has been moved: here it is { $day }.
page-mark-test = Test.
page-mark-test-says = What you do here has no real effect.

page-acting-label = Whom you represent
page-acting-myself = { $name } – you are here for yourself
page-acting-organisation = You represent { $name }
page-acting-person = You represent { $name }
page-acting-agency = You work for { $name }
page-acting-role = Role: { $role }
page-acting-roles-more = { $roles } and { $count } more
page-acting-switch = Change

page-session-until = You will be logged out at { $time } unless you do something.
page-session-until-last = You will be logged out at { $time }. By then the login has lasted as long as it may. After that you can log in again.
page-session-renew = Stay logged in
page-session-warning = You will soon be logged out
page-session-warning-says = You will be logged out within two minutes. What you have written on the page stays if you continue.
page-session-warning-last = You will be logged out within two minutes. The login has lasted as long as it may and cannot be extended. Send what you have written, or log in again afterwards.
page-session-understood = I understand
page-session-stay = Stay logged in

page-kept = What you wrote is still here
page-kept-says = It has not been sent. Check it and send the form. Attached files are not kept, so choose them again. It is kept until { $time }, and only you can see it.
page-kept-drop = Delete what was kept

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
