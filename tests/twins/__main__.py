"""Starts the three counterparts and prints the settings under which the system finds them; Ctrl-C ends them."""

import signal

from tests.twins.court_gateway import court_gateway
from tests.twins.mail_server import MailServer
from tests.twins.sms_gateway import sms_gateway

SECRET = "only-for-tests"


def main() -> None:
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before any thread starts, so that none of them takes the signal
    mail, sms, court = MailServer().start(), sms_gateway(SECRET).start(), court_gateway(SECRET).start()
    print("export TINGZHU_SMTP_HOST=127.0.0.1")
    print(f"export TINGZHU_SMTP_PORT={mail.port}")
    print(f"export TINGZHU_SMS_GATEWAY_URL={sms.url} TINGZHU_SMS_GATEWAY_SECRET={SECRET}")
    print(f"export TINGZHU_COURT_GATEWAY_URL={court.url} TINGZHU_COURT_GATEWAY_SECRET={SECRET}", flush=True)
    try:
        signal.sigwait(ends)
    finally:
        mail.stop()
        sms.stop()
        court.stop()


if __name__ == "__main__":
    main()
