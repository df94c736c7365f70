-- +goose Up

-- Signing in is one thing for the board and for Temporal's page, and a link is one
-- of several ways. Links and sessions lie apart from here on; those there were end.
DROP TABLE ui_login;
DROP FUNCTION linked_in_session;

-- Links that are each good for one sign-in. Only hashes: what is here opens nothing.
-- Not evidence; rows that were used or are over are removed.
CREATE TABLE door_link (
    sha256   text PRIMARY KEY,
    -- Who asked for the link, as the record of who looked shall name them.
    who      text NOT NULL,
    identity text COLLATE "C" NOT NULL,
    until    timestamptz NOT NULL
);

-- For whom a link is made says the session, where it says whose it is: each later
-- request is judged by it.
-- +goose StatementBegin
CREATE FUNCTION linked_in_session() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.identity := coalesce(nullif(public.session_identity(), ''), NEW.identity);
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER door_link_is_of_the_session BEFORE INSERT ON door_link FOR EACH ROW EXECUTE FUNCTION linked_in_session();

-- Who is signed in, in which browser. Of the secret in the browser's cookie only the
-- hash. Not evidence; that a session began and ended is, in door_event.
CREATE TABLE door_session (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256   text NOT NULL UNIQUE,
    who      text NOT NULL,
    identity text COLLATE "C" NOT NULL,
    how      text NOT NULL CHECK (how IN ('link', 'passkey', 'oidc')),
    -- From where, as the connection says, and with what, as the browser says.
    address  text NOT NULL,
    browser  text NOT NULL,
    began    timestamptz NOT NULL,
    -- The last request, to the minute.
    seen     timestamptz NOT NULL,
    until    timestamptz NOT NULL
);

CREATE INDEX door_session_of ON door_session (identity, who, began);

-- Who signed in and how, what was refused, and how each session ended. Evidence:
-- rows are only ever added.
CREATE TABLE door_event (
    seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    what       text NOT NULL CHECK (what IN ('signed_in', 'refused', 'ended', 'passkey_added', 'passkey_removed')),
    -- Empty where nobody is known: what was refused can be anybody's.
    who        text NOT NULL DEFAULT '',
    identity   text COLLATE "C" NOT NULL DEFAULT '',
    how        text NOT NULL CHECK (how IN ('link', 'passkey', 'oidc')),
    -- 0 where it concerns no session.
    session_id bigint NOT NULL DEFAULT 0,
    address    text NOT NULL DEFAULT '',
    browser    text NOT NULL DEFAULT '',
    -- Refusals come in bursts: how many this row stands for.
    times      integer NOT NULL DEFAULT 1 CHECK (times > 0),
    why        text NOT NULL DEFAULT '',
    -- Who ended it or took it away, where it was a person.
    by_whom    text NOT NULL DEFAULT ''
);

CREATE TRIGGER door_event_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON door_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A provider of identities can say who somebody is, for looking. No act is of such
-- an identity: acts are asked for in a session of the database (act_request).
ALTER TABLE person_role DROP CONSTRAINT person_role_identity_check;
ALTER TABLE person_role ADD CONSTRAINT person_role_identity_check CHECK (identity ~ '^(os|db|oidc):.');

-- +goose Down
ALTER TABLE person_role DROP CONSTRAINT person_role_identity_check;
ALTER TABLE person_role ADD CONSTRAINT person_role_identity_check CHECK (identity ~ '^(os|db):.') NOT VALID;
DROP TABLE door_event, door_session, door_link;
CREATE TABLE ui_login (
    link_sha256    text PRIMARY KEY,
    who            text NOT NULL,
    link_until     timestamptz NOT NULL,
    session_sha256 text UNIQUE,
    session_until  timestamptz,
    identity       text NOT NULL,
    CHECK ((session_sha256 IS NULL) = (session_until IS NULL))
);
CREATE TRIGGER ui_login_is_of_the_session BEFORE INSERT ON ui_login FOR EACH ROW EXECUTE FUNCTION linked_in_session();
