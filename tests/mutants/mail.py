"""Mail, its tokens and notifications."""

from tests.mutants.mutant import Mutant

MAIL = "src/application/mail.py"
TOKENS = "src/domain/mail.py"
TOLD = "src/application/notifications.py"

POST = (
    Mutant(
        "a mailed link works twice",
        MAIL,
        "            unit.mailed_tokens.remove(mailed)\n            if not user.email_verified:",
        "            if not user.email_verified:",
        ("tests/http/test_mail_verify.py::test_the_link_works_once",),
    ),
    Mutant(
        "a link to confirm an address gives a new password",
        TOKENS,
        "        if self.purpose is not purpose or at >= self.expires_at:",
        "        if at >= self.expires_at:",
        ("tests/http/test_mail_reset.py::test_a_token_of_another_kind_and_what_is_none_are_refused",),
    ),
    Mutant(
        "a link is good for ever",
        TOKENS,
        "        if self.purpose is not purpose or at >= self.expires_at:",
        "        if self.purpose is not purpose:",
        ("tests/application/test_mail.py::test_a_password_can_be_chosen_for_an_hour",),
    ),
    Mutant(
        "a link shows that somebody has an address which it was not sent to",
        TOKENS,
        "        if not user.is_active or user.email != self.email:",
        "        if not user.is_active:",
        ("tests/application/test_mail.py::test_what_was_mailed_shows_nothing_of_another_address",),
    ),
    Mutant(
        "a new password leaves sign-ins alive",
        MAIL,
        "            await end_credentials(unit, user.id, keys=False)\n",
        "",
        ("tests/http/test_mail_reset.py::test_all_sign_ins_end_and_keys_stay",),
    ),
    Mutant(
        "the token is kept as it is",
        "src/adapters/security/api_keys.py",
        '        return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()',
        "        return key",
        ("tests/application/test_mail.py::test_neither_a_task_nor_the_store_has_what_was_mailed",),
    ),
    Mutant(
        "the letter goes to the address that was typed",
        MAIL,
        "            to=user.email,\n            at=at,\n            path=path,",
        '            to=task.payload.get("email", user.email),\n            at=at,\n            path=path,',
        ("tests/http/test_mail_reset.py::test_the_letter_goes_to_the_address_that_is_kept",),
    ),
    Mutant(
        "less is done where there is no account",
        MAIL,
        "            user = known if known is not None and known.is_active else self.writer.nobody()\n",
        "            user = known if known is not None and known.is_active else self.writer.nobody()\n"
        "            if user is not known:\n                return\n",
        ("tests/application/test_mail.py::test_the_work_behind_it_is_the_same_and_nobody_gets_a_letter",),
    ),
    Mutant(
        "a mail server that is away is asked once",
        MAIL,
        "            if tried == len(PAUSES):",
        "            if tried >= 0:",
        ("tests/application/test_mail.py::test_a_server_that_is_away_is_tried_for_hours",),
    ),
    Mutant(
        "a task that runs again fills the inbox again",
        TOLD,
        "            if not await unit.notifications.hold(task.id):",
        "            if True:",
        ("tests/application/test_notifications.py::test_a_task_that_is_run_again_writes_nothing_twice",),
    ),
    Mutant(
        "another's inbox can be changed",
        "src/domain/notifications.py",
        "        if self.user_id != actor.id:",
        "        if self.user_id is None:",
        ("tests/http/test_notifications_inbox.py::test_an_inbox_is_its_owners_alone",),
    ),
    Mutant(
        "a subject may end its header",
        "src/adapters/mail/message.py",
        '        made["Subject"] = in_one_line(letter.subject)',
        '        made["Subject"] = letter.subject',
        ("tests/adapters/test_mail_message.py::test_a_subject_ends_no_header",),
    ),
    Mutant(
        "HTML shows markup that somebody wrote",
        "src/adapters/mail/letters.py",
        'select_autoescape(["html"])',
        "False",
        ("tests/adapters/test_mail_message.py::test_html_shows_what_was_written",),
    ),
    Mutant(
        "mail is sent in the clear where a server offers no TLS",
        "src/adapters/mail/smtp.py",
        "            start_tls=self._server.tls and not at_first,",
        "            start_tls=None if self._server.tls else False,",
        ("tests/adapters/test_mail_smtp.py::test_a_server_that_offers_no_tls_gets_nothing",),
    ),
)
