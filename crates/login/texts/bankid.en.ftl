# BankID: what the user is told. The keys bankid-rfa… follow the numbers of BankID's list of user
# messages; the words are our own. The same keys stand in bankid.sv.ftl.

## While the order lives

bankid-rfa1 = Start the BankID app.
bankid-rfa9-auth = Read the text in the BankID app. Check that it names the service you are visiting, then enter your security code.
bankid-rfa9-sign = Read the text in the BankID app. Check that it is what you want to sign, then enter your security code.
bankid-rfa13 = Trying to start the BankID app.
bankid-rfa15a = Looking for your BankID, this may take a while. If it takes long, there may be no BankID that can be used on this computer. If you have a BankID on a card, insert the card. You can also use BankID on another device.
bankid-rfa15b = Looking for your BankID, this may take a while. If it takes long, there may be no BankID that can be used on this device. You can use BankID on another device.
bankid-rfa21-auth = Identification in progress.
bankid-rfa21-sign = Signing in progress.
bankid-rfa23 = Read your passport or national identity card with the phone. Follow the instructions in the BankID app.
bankid-rfa24 = Follow the instructions in the BankID app to show your face.
bankid-rfa25 = Choose in the BankID app how you want to confirm who you are.
bankid-silent = BankID is not answering right now. We go on asking for a minute. If you have approved in the app already, you need not do anything more.
bankid-call-confirm = Confirm in the BankID app that you are in the call.

## When the order ended without a result

bankid-rfa2 = The BankID app does not seem to be on this device. Install it and get a BankID from your bank, or use BankID on another device.
bankid-rfa3 = This was cancelled because another one was started for you. If that was not you: approve nothing in the BankID app and contact your bank. Otherwise you can try again.
bankid-rfa4 = An identification or signature for you was already in progress. Both have been cancelled. If you did not start the other one: approve nothing in the BankID app and contact your bank. Otherwise you can try again.
bankid-rfa5 = Something went wrong technically at BankID. Try again in a while or choose another way.
bankid-rfa6 = You cancelled. You can try again whenever you want.
bankid-rfa8 = The BankID app did not answer in time. Check that the app is started and that the device is connected to the internet. Then try again.
bankid-rfa16 = Your BankID cannot be used. It may be blocked or too old, or a wrong security code was entered too many times. Get a new one or ask the bank that issued it.
bankid-rfa17a = The BankID app did not start. Check that it is on this device and try again, or use BankID on another device.
bankid-rfa17b = The QR code was not scanned in time. Open the BankID app, press the QR code symbol and point the camera at the screen. Try again.
bankid-rfa22 = An unknown error occurred. Try again.
bankid-rfa26 = The passport or identity card could not be checked. Try again or ask the bank that issued your BankID.
bankid-rfa27 = Your face could not be checked. Try again in better light or ask the bank that issued your BankID.
bankid-rfa28 = The device cannot read the chip of a passport or identity card. Use BankID on another device.
bankid-rfa29 = There are several BankIDs on the device. Remove those you do not use and try again.
bankid-rfa30 = The extra check of who you are did not succeed. Try again or ask the bank that issued your BankID.
bankid-call-declined = You answered that you are not in a call. Nothing has been approved. If somebody urged you to use your BankID: hang up and contact your bank.
bankid-app-too-old = Your BankID app is too old for this. Update it and try again, or use another device.
bankid-risk-blocked = This was stopped for security reasons. Contact support if you need help.
bankid-wrong-person = The BankID belongs to somebody else than the person who is logged in. Nothing has been signed.
bankid-unverified = The answer from BankID could not be verified. You are not logged in and nothing has been signed. Try again or choose another way.
bankid-our-fault = Something went wrong technically on our side. The fault has been reported. Contact support and give the reference code if it is urgent.

## Buttons and choices

bankid-rfa18 = Start the BankID app
bankid-rfa19-auth = Do you want to identify yourself with BankID on this computer or with Mobile BankID?
bankid-rfa19-sign = Do you want to sign with BankID on this computer or with Mobile BankID?
bankid-rfa20-auth = Do you want to identify yourself with BankID on this device or on another one?
bankid-rfa20-sign = Do you want to sign with BankID on this device or on another one?
