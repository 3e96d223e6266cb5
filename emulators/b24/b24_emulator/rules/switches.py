"""Where the facts about the portal are disputed, a named switch chooses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Disputed behaviour; the defaults are what the stronger source says.

    Attributes:
        wrong_secret_status: Status of INVALID_CREDENTIALS: 401 by live tests, 403 by a table.
        scope_status: Status of insufficient_scope: 401 by live tests, 403 by a table.
        total_without_count: `total` is 0 with start=-1 (a sample); else it is absent (a page).
        batch_over_50_whole: A batch of more than 50 commands is refused whole with 400; else
            each command beyond the limit ends with an error of its own.
        refused_calls_count: A refused call also fills the bucket; not stated anywhere.
        old_refresh_token_lives: A refresh leaves the old refresh token valid.
        event_data_is_false: EVENT_DATA is false as in samples; else it holds the object's id.
        cascade_fires_events: Requisites that go with their owner fire events of their own.
        online_delay_s: From and to of what the queue server takes to call a handler, in seconds;
            only 'a slight delay' is documented. Calls overtake each other within it.
        address_update_overwrites: What crm.address.update does not name becomes empty
            (b24restdocs: tutorials/1c); else it stays, as the method's page says.
        address_total_is_a_page: `total` of crm.address.list is never above 50 with counting
            (b24phpsdk: issue 144; fast_bitrix24: issue 260); else it is true, as the page says.
        pull_version: Of the Push & Pull server: 4 in the documents' sample; from 5 on clients speak
            JSON-RPC to it, before that protobuf, which is not emulated.
        pull_is_shared: The server is the vendor's cloud, which lets in by `clientId`; else it is
            the portal's own.
        pull_tells_of_queue: An application's listeners are told that its change table has a new
            record; the vendor's module waits for that, by a message that is not public.
        items_demand_user_fields: `crm.item.*` refuses without mandatory user fields (b24restdocs:
            crm/universal/crm-item-add.md); else not, as the kernel does with the setting below off.
        classic_demands_user_fields: The classic add and update refuse, too: a setting of the CRM
            (rest_enable_req_uf_check, observed in the kernel) that is off in a fresh portal.
        app_info_by_webhook: `app.info` answers SCOPE and LICENSE to a webhook; else it refuses.
    """

    wrong_secret_status: int = 401
    scope_status: int = 401
    total_without_count: bool = True
    batch_over_50_whole: bool = False
    refused_calls_count: bool = False
    old_refresh_token_lives: bool = True
    event_data_is_false: bool = False
    cascade_fires_events: bool = True
    online_delay_s: tuple[float, float] = (1.0, 3.0)
    address_update_overwrites: bool = True
    address_total_is_a_page: bool = True
    pull_version: int = 5
    pull_is_shared: bool = True
    pull_tells_of_queue: bool = True
    items_demand_user_fields: bool = True
    classic_demands_user_fields: bool = False
    app_info_by_webhook: bool = False
