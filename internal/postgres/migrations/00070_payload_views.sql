-- +goose Up

-- Links into Temporal's UI, each good for one login, and the sessions they
-- became. Only hashes: what is here opens nothing. Not evidence; rows that are
-- over are removed.
CREATE TABLE ui_login (
    link_sha256    text PRIMARY KEY,
    -- Who asked for the link, and so who looks.
    who            text NOT NULL,
    link_until     timestamptz NOT NULL,
    session_sha256 text UNIQUE,
    session_until  timestamptz,
    CHECK ((session_sha256 IS NULL) = (session_until IS NULL))
);

-- Who had which payloads decoded, and when. Evidence: rows are only ever added.
-- Never what was in them.
CREATE TABLE payload_view (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    who         text NOT NULL,
    -- As the browser said them; empty where the page was of no single workflow.
    namespace   text NOT NULL,
    workflow_id text NOT NULL,
    run_id      text NOT NULL,
    payloads    integer NOT NULL CHECK (payloads > 0),
    -- Whether they could be decoded; if not, nothing was shown.
    readable    boolean NOT NULL
);

CREATE TRIGGER payload_view_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON payload_view
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE payload_view, ui_login;
