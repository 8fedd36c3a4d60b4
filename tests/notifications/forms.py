"""How mail servers report that a mail did not arrive: Postfix, Exim, qmail."""

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.voorbeeld (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: brug@voorbeeld.nl
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="DEEL"
Message-Id: <20180403@mx.voorbeeld>

--DEEL
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--DEEL
Content-Description: Delivery report
Content-Type: message/delivery-status

Original-Envelope-Id: {envelope}
Reporting-MTA: dns; mx.voorbeeld
Arrival-Date: Tue, 3 Apr 2018 09:00:00 +0000

Final-Recipient: rfc822; ann@voorbeeld.nl
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--DEEL
Content-Type: {returned}

From: brug@voorbeeld.nl
Message-ID: {message_id}
Subject: Vandaag

Er is iets te doen.
--DEEL--
"""
EXIM = """\
From: Mail Delivery System <Mailer-Daemon@mx.voorbeeld>
X-Failed-Recipients: ann@voorbeeld.nl
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1abc@mx.voorbeeld>

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@voorbeeld.nl
    host mx.voorbeeld said: 550 5.1.1 no such user

------ This is a copy of the message, including all the headers. ------

From: brug@voorbeeld.nl
Message-ID: {message_id}

Er is iets te doen.
"""
QMAIL = """\
From: MAILER-DAEMON@mx.voorbeeld
Subject: failure notice

Hi. This is the qmail-send program at mx.voorbeeld.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@voorbeeld.nl>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: {message_id}
From: brug@voorbeeld.nl
"""
