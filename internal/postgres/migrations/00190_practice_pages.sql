-- +goose Up

-- The practices' pages (docs/adr/0191). Their server faces the internet. Its login has
-- the role duenotice_page: it sees rows of the one practice whose session it shows
-- the proof of, and of these only what is sealed for that practice or says nothing of
-- a patient. What opens the seal comes from the practice and is in no table.

CREATE TABLE page_practice (
    practice_id   integer PRIMARY KEY REFERENCES practice,
    link_sha256   bytea NOT NULL UNIQUE CHECK (length(link_sha256) = 32),
    -- Of the practice's codes.
    salt          bytea NOT NULL CHECK (length(salt) = 16),
    -- Whom its packet is sealed for, and whom it seals its answers for: public keys.
    recipient     text NOT NULL,
    answers_to    text NOT NULL,
    -- The link and the secret keys of both, under the incident's data key: the worker's.
    secrets       bytea NOT NULL,
    made_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Wrong codes since the last right one. Ten end every code of the practice.
    wrong         integer NOT NULL DEFAULT 0,
    -- When somebody was first there with a code or passkey, and first answered.
    opened_at     timestamptz,
    answered_at   timestamptz,
    -- What the packet was made from; '' while there is none.
    packet_sha256 text NOT NULL DEFAULT ''
);

-- One-time codes. wrapped is the practice's identity under link and code; it is taken
-- away when the code is used, over, or tried too often.
CREATE TABLE page_code (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    practice_id  integer NOT NULL REFERENCES page_practice,
    proof_sha256 bytea NOT NULL CHECK (length(proof_sha256) = 32),
    wrapped      bytea,
    -- By which way it goes to the practice.
    way          text NOT NULL CHECK (way IN ('email', 'post', 'telephone')),
    -- Who gave it: the person whose session it was, or the program with its notice.
    who          text NOT NULL,
    by_identity  text COLLATE "C" NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    until        timestamptz NOT NULL,
    used_at      timestamptz,
    voided_at    timestamptz
);

CREATE INDEX page_code_of ON page_code (practice_id);

-- The parts of a practice's packet, each sealed for it.
CREATE TABLE page_part (
    practice_id  integer NOT NULL REFERENCES page_practice,
    name         text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,99}$'),
    sealed       bytea NOT NULL,
    -- Of what is sealed, so that the same is not sealed again.
    plain_sha256 text NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (practice_id, name)
);
-- What is sealed does not become smaller.
ALTER TABLE page_part ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE page_session (
    proof_sha256 bytea PRIMARY KEY CHECK (length(proof_sha256) = 32),
    practice_id  integer NOT NULL REFERENCES page_practice,
    -- The practice's identity under the session's cookie.
    wrapped      bytea NOT NULL,
    way          text NOT NULL CHECK (way IN ('code', 'passkey')),
    started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    until        timestamptz NOT NULL,
    ended_at     timestamptz
);

CREATE INDEX page_session_of ON page_session (practice_id);

CREATE TABLE page_passkey (
    credential_id bytea PRIMARY KEY CHECK (length(credential_id) BETWEEN 1 AND 1023),
    practice_id   integer NOT NULL REFERENCES page_practice,
    proof_sha256  bytea NOT NULL CHECK (length(proof_sha256) = 32),
    -- The practice's identity under the passkey's secret.
    wrapped       bytea NOT NULL,
    -- The public key and its counter, as the library keeps them.
    credential    jsonb NOT NULL,
    -- What the practice calls it.
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    made_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    used_at       timestamptz,
    removed_at    timestamptz
);

CREATE INDEX page_passkey_of ON page_passkey (practice_id);

-- What a practice answered. The row is its asking for an act: the worker carries out
-- the act whose hash this is, once, and nothing else in the page's name.
CREATE TABLE page_answer (
    -- Chosen with the form, so that the same form sent twice is one answer.
    id             uuid PRIMARY KEY,
    practice_id    integer NOT NULL REFERENCES page_practice,
    kind           text NOT NULL CHECK (kind IN ('received', 'delegate', 'contact', 'not_ours', 'told')),
    -- casebook.Act.AnswerSHA256.
    content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
    -- packet.Answer and the proof that came with it, sealed for answers_to.
    sealed         bytea NOT NULL CHECK (length(sealed) <= 65536),
    attachment     bytea CHECK (length(attachment) <= 11534336),
    at             timestamptz NOT NULL DEFAULT clock_timestamp(),
    session        bytea NOT NULL REFERENCES page_session,
    -- The worker's: the act it became, and what became of that.
    act_id         text NOT NULL DEFAULT '',
    state          text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'done', 'refused')),
    detail         text NOT NULL DEFAULT '',
    ended_at       timestamptz
);
ALTER TABLE page_answer ALTER COLUMN attachment SET STORAGE EXTERNAL;

CREATE INDEX page_answer_of ON page_answer (practice_id, at);
CREATE INDEX page_answer_waits ON page_answer (at) WHERE state = 'received';
CREATE UNIQUE INDEX page_answer_of_act ON page_answer (act_id) WHERE act_id <> '';

-- The practice of the session whose proof the connection shows; NULL for none.
-- +goose StatementBegin
CREATE FUNCTION page_scope() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.practice_id FROM public.page_session s
    WHERE s.proof_sha256 = sha256(decode(coalesce(current_setting('duenotice.page', true), ''), 'hex'))
        AND s.ended_at IS NULL AND s.until > clock_timestamp() AND s.seen_at > clock_timestamp() - interval '30 minutes'
$$;
-- +goose StatementEnd

-- A code is given in somebody's session, or by the worker, and is in the practice's chain.
-- +goose StatementBegin
CREATE FUNCTION page_code_given() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of record;
    known text;
BEGIN
    -- First the page and then the practice, as whoever comes in locks them.
    UPDATE public.page_practice SET wrong = 0 WHERE practice_id = NEW.practice_id;
    SELECT p.incident_id, p.practice_key INTO STRICT of FROM public.practice p WHERE p.id = NEW.practice_id FOR NO KEY UPDATE;
    NEW.by_identity := public.session_identity();
    NEW.made_at := clock_timestamp();
    SELECT r.name INTO known FROM public.person_role r WHERE r.identity = NEW.by_identity ORDER BY r.seq DESC LIMIT 1;
    NEW.who := coalesce(known, NEW.who);
    INSERT INTO public.ledger (incident_id, practice_key, seq, at, prev, hash, body) VALUES (of.incident_id, of.practice_key, 0, now(), '', '',
        json_strip_nulls(json_build_object('kind', 'page_code_given', 'who', NEW.who, 'identity', nullif(NEW.by_identity, ''),
            'result', json_build_object('way', NEW.way, 'until', to_char(NEW.until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))))::text);
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER page_code_given BEFORE INSERT ON page_code FOR EACH ROW EXECUTE FUNCTION page_code_given();

-- An entry of the practice's chain about what happened on its page. The page's login
-- writes no other entry, and these only of kinds that start with page_.
-- +goose StatementBegin
CREATE FUNCTION page_entry(practice integer, kind text, ref text, result jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of record;
    body text;
BEGIN
    SELECT p.incident_id, p.practice_key INTO STRICT of FROM public.practice p WHERE p.id = practice FOR NO KEY UPDATE;
    -- The order and the bytes of ledger.Body; nothing of it can hold a character that is written in two ways.
    IF ref !~ '^[a-z0-9._-]{0,120}$' OR result::text ~ '[<>&\\]' THEN
        RAISE EXCEPTION 'this cannot be noted' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    body := '{"kind":"' || kind || '","who":"practice","identity":' || to_json('page:' || of.incident_id || '/' || of.practice_key)::text
        || CASE WHEN ref = '' THEN '' ELSE ',"ref":"' || ref || '"' END
        || CASE WHEN result IS NULL THEN '' ELSE ',"result":' || result::text END || '}';
    INSERT INTO public.ledger (incident_id, practice_key, seq, at, prev, hash, body)
    VALUES (of.incident_id, of.practice_key, 0, now(), '', '', body);
END
$$;
-- +goose StatementEnd

-- The salt of a link's codes; no row for a link that is nobody's.
-- +goose StatementBegin
CREATE FUNCTION page_salt(link bytea) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT salt FROM public.page_practice WHERE link_sha256 = link
$$;
-- +goose StatementEnd

-- The passkeys that may open a link's page, as the library keeps them.
-- +goose StatementBegin
CREATE FUNCTION page_passkeys(link bytea) RETURNS SETOF jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.credential FROM public.page_passkey k JOIN public.page_practice p USING (practice_id)
    WHERE p.link_sha256 = link AND k.removed_at IS NULL ORDER BY k.made_at
$$;
-- +goose StatementEnd

-- Tries a code or, with its credential, a passkey: gives what it unwraps and whose it
-- is, or no row. A wrong code counts. What is compared are hashes of 256 random bits,
-- whose time tells nothing.
-- +goose StatementBegin
CREATE FUNCTION page_try(link bytea, passkey bytea, proof bytea) RETURNS TABLE (wrapped bytea, incident_id text, practice_key text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    page record;
BEGIN
    SELECT g.practice_id, g.wrong, p.incident_id, p.practice_key INTO page
    FROM public.page_practice g JOIN public.practice p ON p.id = g.practice_id WHERE g.link_sha256 = link FOR UPDATE OF g;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT k.wrapped, page.incident_id::text, page.practice_key::text FROM (
        SELECT c.wrapped FROM public.page_code c WHERE passkey IS NULL AND c.practice_id = page.practice_id
            AND c.proof_sha256 = sha256(proof) AND c.used_at IS NULL AND c.voided_at IS NULL AND c.until > clock_timestamp()
        UNION ALL
        SELECT y.wrapped FROM public.page_passkey y WHERE y.credential_id = passkey AND y.practice_id = page.practice_id
            AND y.proof_sha256 = sha256(proof) AND y.removed_at IS NULL
    ) k LIMIT 1;
    IF FOUND OR passkey IS NOT NULL THEN
        RETURN;
    END IF;
    UPDATE public.page_practice SET wrong = page.wrong + 1 WHERE practice_id = page.practice_id;
    IF page.wrong + 1 >= 10 AND EXISTS (SELECT FROM public.page_code c WHERE c.practice_id = page.practice_id AND c.used_at IS NULL AND c.voided_at IS NULL) THEN
        UPDATE public.page_code c SET voided_at = clock_timestamp(), wrapped = NULL
        WHERE c.practice_id = page.practice_id AND c.used_at IS NULL AND c.voided_at IS NULL;
        PERFORM public.page_entry(page.practice_id, 'page_codes_ended', '', NULL);
    END IF;
END
$$;
-- +goose StatementEnd

-- Begins a session with what was tried: the code is used up, in the same moment. It
-- returns false where it cannot be used any more. A practice has twenty sessions at most.
-- +goose StatementBegin
CREATE FUNCTION page_enter(link bytea, passkey bytea, proof bytea, session_sha256 bytea, session_wrapped bytea, updated jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of integer;
BEGIN
    SELECT g.practice_id INTO of FROM public.page_practice g WHERE g.link_sha256 = link FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF passkey IS NULL THEN
        UPDATE public.page_code c SET used_at = clock_timestamp(), wrapped = NULL
        WHERE c.practice_id = of AND c.proof_sha256 = sha256(proof) AND c.used_at IS NULL AND c.voided_at IS NULL AND c.until > clock_timestamp();
    ELSE
        UPDATE public.page_passkey k SET used_at = clock_timestamp(), credential = coalesce(updated, k.credential)
        WHERE k.credential_id = passkey AND k.practice_id = of AND k.proof_sha256 = sha256(proof) AND k.removed_at IS NULL;
    END IF;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO public.page_session (proof_sha256, practice_id, wrapped, way, until)
    VALUES (session_sha256, of, session_wrapped, CASE WHEN passkey IS NULL THEN 'code' ELSE 'passkey' END, clock_timestamp() + interval '8 hours');
    UPDATE public.page_session s SET ended_at = clock_timestamp(), wrapped = '' WHERE s.proof_sha256 IN (
        SELECT o.proof_sha256 FROM public.page_session o WHERE o.practice_id = of AND o.ended_at IS NULL ORDER BY o.started_at DESC OFFSET 20);
    UPDATE public.page_practice g SET wrong = 0, opened_at = coalesce(g.opened_at, clock_timestamp()) WHERE g.practice_id = of;
    PERFORM public.page_entry(of, 'page_opened', CASE WHEN passkey IS NULL THEN 'code' ELSE 'passkey' END, NULL);
    RETURN true;
END
$$;
-- +goose StatementEnd

-- The session that the connection shows the proof of, seen now.
-- +goose StatementBegin
CREATE FUNCTION page_here() RETURNS TABLE (incident_id text, practice_key text, wrapped bytea, way text, started_at timestamptz, until timestamptz, answers_to text, recipient text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY UPDATE public.page_session s SET seen_at = clock_timestamp()
    FROM public.page_practice g JOIN public.practice p ON p.id = g.practice_id
    WHERE s.proof_sha256 = sha256(decode(coalesce(current_setting('duenotice.page', true), ''), 'hex'))
        AND s.practice_id = public.page_scope() AND g.practice_id = s.practice_id
    RETURNING p.incident_id::text, p.practice_key::text, s.wrapped, s.way, s.started_at, s.until, g.answers_to, g.recipient;
END
$$;
-- +goose StatementEnd

-- Ends the session, or with everybody all of the practice's.
-- +goose StatementBegin
CREATE FUNCTION page_leave(everybody boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE public.page_session SET ended_at = clock_timestamp(), wrapped = '' WHERE practice_id = public.page_scope() AND ended_at IS NULL
        AND (everybody OR proof_sha256 = sha256(decode(coalesce(current_setting('duenotice.page', true), ''), 'hex')))
$$;
-- +goose StatementEnd

-- Notes what the practice of the session did: looked at a page or took away a file.
-- +goose StatementBegin
CREATE FUNCTION page_note(kind text, ref text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF kind NOT IN ('page_looked', 'page_downloaded') OR public.page_scope() IS NULL THEN
        RAISE EXCEPTION 'this cannot be noted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM public.page_entry(public.page_scope(), kind, ref, NULL);
END
$$;
-- +goose StatementEnd

-- Adds a passkey of the practice of the session; ten are enough for anybody.
-- +goose StatementBegin
CREATE FUNCTION page_add_passkey(passkey bytea, public_key jsonb, called text, proof_of_it bytea, identity bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of integer := public.page_scope();
BEGIN
    PERFORM FROM public.page_practice g WHERE g.practice_id = of FOR UPDATE;
    IF of IS NULL OR (SELECT count(*) FROM public.page_passkey k WHERE k.practice_id = of AND k.removed_at IS NULL) >= 10 THEN
        RETURN false;
    END IF;
    INSERT INTO public.page_passkey (credential_id, practice_id, proof_sha256, wrapped, credential, name)
    VALUES (passkey, of, proof_of_it, identity, public_key, called);
    PERFORM public.page_entry(of, 'page_passkey_added', '', NULL);
    RETURN true;
END
$$;
-- +goose StatementEnd

-- Takes one away again.
-- +goose StatementBegin
CREATE FUNCTION page_remove_passkey(id bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.page_passkey k SET removed_at = clock_timestamp(), wrapped = '' WHERE k.credential_id = id AND k.practice_id = public.page_scope() AND k.removed_at IS NULL;
    IF FOUND THEN
        PERFORM public.page_entry(public.page_scope(), 'page_passkey_removed', '', NULL);
    END IF;
    RETURN FOUND;
END
$$;
-- +goose StatementEnd

-- Takes in an answer of the practice of the session; false for one that is there
-- already. A practice answers a hundred times a day at most, and sends twenty proofs.
-- +goose StatementBegin
CREATE FUNCTION page_answers(id uuid, kind text, content_sha256 text, sealed bytea, attachment bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of integer := public.page_scope();
BEGIN
    IF of IS NULL THEN
        RAISE EXCEPTION 'no session' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM FROM public.page_practice g WHERE g.practice_id = of FOR UPDATE;
    IF EXISTS (SELECT FROM public.page_answer a WHERE a.id = page_answers.id AND a.practice_id = of) THEN
        RETURN false;
    END IF;
    IF (SELECT count(*) >= 100 OR count(a.attachment) >= 20 AND page_answers.attachment IS NOT NULL FROM public.page_answer a
        WHERE a.practice_id = of AND a.at > clock_timestamp() - interval '1 day') THEN
        RAISE EXCEPTION 'too many answers in one day' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    INSERT INTO public.page_answer (id, practice_id, kind, content_sha256, sealed, attachment, session)
    VALUES (page_answers.id, of, page_answers.kind, page_answers.content_sha256, page_answers.sealed, page_answers.attachment,
        sha256(decode(current_setting('duenotice.page'), 'hex')));
    UPDATE public.page_practice g SET answered_at = coalesce(g.answered_at, clock_timestamp()) WHERE g.practice_id = of;
    PERFORM public.page_entry(of, 'page_answered', page_answers.id::text, jsonb_build_object('kind', page_answers.kind));
    RETURN true;
END
$$;
-- +goose StatementEnd

-- An answer's own words stay as they came; only what became of it is added, once.
-- +goose StatementBegin
CREATE FUNCTION page_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.practice_id, NEW.kind, NEW.content_sha256, NEW.sealed, NEW.at, NEW.session)
            IS DISTINCT FROM (OLD.id, OLD.practice_id, OLD.kind, OLD.content_sha256, OLD.sealed, OLD.at, OLD.session)
        OR (OLD.act_id <> '' AND NEW.act_id <> OLD.act_id) OR (OLD.state <> 'received' AND NEW.state <> OLD.state)
        OR (NEW.attachment IS NOT NULL AND NEW.attachment IS DISTINCT FROM OLD.attachment) THEN
        RAISE EXCEPTION 'an answer of a practice does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER page_answer_stays BEFORE UPDATE ON page_answer FOR EACH ROW EXECUTE FUNCTION page_answer_stays();
CREATE TRIGGER page_answer_is_kept BEFORE DELETE OR TRUNCATE ON page_answer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An act is by an identity that asked for one there, by the session's own, or by the
-- practice whose answer it is.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION act_was_asked_for() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.identity NOT IN ('', public.session_identity()) AND NOT EXISTS (
        SELECT FROM public.act_request r WHERE r.incident_id = NEW.incident_id AND r.practice_key = NEW.practice_key
            AND NEW.identity IN ('os:' || r.account, 'db:' || r.login)
    ) AND NOT (NEW.identity = 'page:' || NEW.incident_id || '/' || NEW.practice_key AND EXISTS (
        SELECT FROM public.page_answer a JOIN public.practice p ON p.id = a.practice_id
        WHERE a.act_id = NEW.id::text AND p.incident_id = NEW.incident_id AND p.practice_key = NEW.practice_key
    )) THEN
        RAISE EXCEPTION '% asked for no act there', NEW.identity USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION act_was_asked_for() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.identity NOT IN ('', public.session_identity()) AND NOT EXISTS (
        SELECT FROM public.act_request r WHERE r.incident_id = NEW.incident_id AND r.practice_key = NEW.practice_key
            AND NEW.identity IN ('os:' || r.account, 'db:' || r.login)
    ) THEN
        RAISE EXCEPTION '% asked for no act there', NEW.identity USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
DROP FUNCTION page_answers, page_remove_passkey, page_add_passkey, page_note, page_leave, page_here, page_enter, page_try, page_passkeys, page_salt, page_entry, page_scope;
DROP TABLE page_answer, page_passkey, page_session, page_part, page_code, page_practice;
DROP FUNCTION page_answer_stays, page_code_given;
