# The invitation of the first two officers.

invitation-title = Use an invitation
invitation-lead = When the service was installed two invitations were made, for two people. Neither of them may do anything until both have identified with e-ID and the second has confirmed the first.
invitation-code = Code
invitation-code-says = 25 characters in five groups. Capitals, spaces and hyphens do not matter.
invitation-email = Your e-mail address at work
invitation-email-says = We send word to it of cases that you have registered.
invitation-button = Use the invitation
invitation-waiting = Your invitation has been used
invitation-waiting-says = Now we wait for the other person to use theirs. You may do something only when both are done and the other has confirmed you. Load the page again to see whether that has happened.
invitation-waiting-confirm = Both invitations have been used
invitation-waiting-confirm-says = The other person now needs to confirm you. Load the page again to see whether that has happened.
invitation-done = You are done
invitation-done-says = Both are officers at { $agency } and can receive applications.
invitation-done-link = Choose whom you represent
invitation-confirm-title = Confirm the other person
invitation-confirm-effect = { $name } used the first invitation. Check that it is the right person before you confirm: you both get all roles that are needed to run the service.
invitation-confirm-name = Name
invitation-confirm-number = Personal number
invitation-confirm-button = Confirm { $name }
invitation-confirm-cancel = Not now
