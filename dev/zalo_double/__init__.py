"""A Zalo Official Account and Bot Platform that behave as their documentation says, in a process of their own.

Each rule carries a mark of its source: [S] Zalo's own code or page, [M] a transcription of Zalo's documentation,
[L] a reported live test, [R] secondary text, [K] nobody says so, our assumption (switchable where it matters).
The double deduplicates nothing: each accepted call is one more message in the inbox, so tests count copies.

Its hosts: the account's API and the tokens at the address itself, the business host (templates by telephone number)
under ``/business``, the Bot Platform under ``/botapi`` (DONDOC_ZALO_API_URL, _OAUTH_URL, _BUSINESS_URL, _BOT_URL). The
screens are at ``/``; tests set the stage by POSTs of JSON to ``/_control/``: ``people``, ``groups``, ``templates``,
``chats`` (fields as in world.py), ``clock`` ({"at"} or {"advance_seconds"}), ``switches``, ``faults`` (faults.py),
``grant``, ``expire``, ``revoke`` ({"named": true}: the API says so), ``reset``; and read ``inbox``, ``ledger``,
``billing``, ``trackings``. ``python -m dev.zalo_double.contract`` compares it with the real Zalo on the first live day.

How to drive the callbacks (webhooks) from a test, with ``post`` a POST of JSON to ``/_control/<name>``:

    post("webhook", url="http://127.0.0.1:9000/hook")      probes it with an unsigned {} and says {"probe", "saved"};
        secret="..." (default --oa-secret, "double-oa-secret"), first_term="app_id"|"oa_id", mac_prefix=True|False,
        timestamp_in="body"|"header" (X-ZEvent-Timestamp, of another value than the body's), seconds=2.0,
        retry_on="any"|"connection"
    post("bot_webhook", url=..., secret="at-least-8")      the bot's; or the official POST /botapi/bot<TOKEN>/setWebhook
    post("events", event="user_send_text", user="7001", text="Đã nhận")
        tells it now and returns [{"event", "retry", "outcome", "seconds", "body", ...}]; outcome: the HTTP status that
        came back, or "timeout", "ConnectionRefusedError" ...
    post("events", events=[{...}, {...}], order="reversed", copies=2, wait=False)      out of order, twice, not awaited

An event has ``event`` (user_send_text, user_send_image, user_send_file, user_send_group_text, follow, unfollow,
user_received_message, user_seen_message, oa_send_text, user_submit_info, user_click_response_button, zns_nested,
zns_flat: the delivery of a template by telephone in both shapes, change_template_status, change_oa_daily_quota), its
fields (user, group, text, msg_ids, phone, tracking_id, data; files=[{"name", "mode", "key", "url"}]), and the way it
travels: msg_id, at (epoch ms), fields={...} laid over the body (null takes away), raw="any text" instead of a body,
spoil="wrong_secret"|"hmac"|"unsigned"|"empty_mac"|"altered_byte", hook="bot" with event="message.text.received",
chat, text (``message.unsupported.received`` has no text).

A file's ``mode``: good, expired (403), huge (30 MB), redirect, redirect_inside (to 169.254.169.254), slow (5 s);
``url`` in full points anywhere. ``post("files", key="a.docx", base64=..., type=...)`` gives a good one its bytes.

    post("clock", advance_seconds=30)      what was not taken is told again: 30 s, 5, 15, 30 min, 1 h, then disabled
    GET /_control/callbacks      {"attempts": [...], "waiting": [...], "disabled": {"oa", "bot"}, "hooks"}
    post("switches", report_delivery="never"|"after"|"before")      tell the delivery of each accepted message of the
        double's own accord; "before": before the send call has returned. zns_shape="nested"|"flat"

Events move people: writing and following open the window of 7 days, ``unfollow`` ends it.
"""
