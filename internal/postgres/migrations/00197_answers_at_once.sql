-- +goose Up

-- An answer is bound to its act before that is written, so that the act is believed. One
-- that ends without it, because the rules refused it or because it was so already, names
-- an act that does not exist: whatever ends an answer takes such a name away.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION page_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.practice_id, NEW.kind, NEW.content_sha256, NEW.sealed, NEW.at, NEW.session)
            IS DISTINCT FROM (OLD.id, OLD.practice_id, OLD.kind, OLD.content_sha256, OLD.sealed, OLD.at, OLD.session)
        OR (OLD.act_id <> '' AND NEW.act_id <> OLD.act_id AND NOT (NEW.act_id = '' AND OLD.state = 'received' AND NEW.state <> 'received'))
        OR (OLD.state <> 'received' AND NEW.state <> OLD.state)
        OR (NEW.attachment IS NOT NULL AND NEW.attachment IS DISTINCT FROM OLD.attachment) THEN
        RAISE EXCEPTION 'an answer of a practice does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- Whoever needs several rows of a practice's page takes the page first, then sessions,
-- codes and passkeys, then the practice, then its packet: two that take them in another
-- order end as a deadlock. A session's request began with its session, and took the
-- practice with what it noted before the page with what it answered.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION page_here() RETURNS TABLE (incident_id text, practice_key text, wrapped bytea, way text, started_at timestamptz, until timestamptz, answers_to text, recipient text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM public.page_practice g WHERE g.practice_id = public.page_scope() FOR NO KEY UPDATE;
    RETURN QUERY UPDATE public.page_session s SET seen_at = clock_timestamp()
    FROM public.page_practice g JOIN public.practice p ON p.id = g.practice_id
    WHERE s.proof_sha256 = sha256(decode(coalesce(current_setting('duenotice.page', true), ''), 'hex'))
        AND s.practice_id = public.page_scope() AND g.practice_id = s.practice_id
    RETURNING p.incident_id::text, p.practice_key::text, s.wrapped, s.way, s.started_at, s.until, g.answers_to, g.recipient;
END
$$;
-- +goose StatementEnd

-- The page's row never goes away and its key never changes, so it is locked without its
-- key. FOR UPDATE is in the way of foreign keys too, and PostgreSQL checks that of
-- page_packet again when a transaction changes such a row twice: an act, which holds its
-- practice by then, waited for the page, and whoever had the page for the practice.
-- +goose StatementBegin
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['page_try(bytea, bytea, bytea)', 'page_enter(bytea, bytea, bytea, bytea, bytea, jsonb)',
        'page_add_passkey(bytea, jsonb, text, bytea, bytea)', 'page_answers(uuid, text, text, bytea, bytea)']::regprocedure[]
    LOOP
        EXECUTE replace(pg_get_functiondef(f), 'FOR UPDATE', 'FOR NO KEY UPDATE');
    END LOOP;
END
$$;
-- +goose StatementEnd

-- What a paper was made from, where it is not made again for the same.
ALTER TABLE practice_file ADD COLUMN made_from text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE practice_file DROP COLUMN made_from;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION page_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION page_here() RETURNS TABLE (incident_id text, practice_key text, wrapped bytea, way text, started_at timestamptz, until timestamptz, answers_to text, recipient text)
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
-- +goose StatementBegin
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['page_try(bytea, bytea, bytea)', 'page_enter(bytea, bytea, bytea, bytea, bytea, jsonb)',
        'page_add_passkey(bytea, jsonb, text, bytea, bytea)', 'page_answers(uuid, text, text, bytea, bytea)']::regprocedure[]
    LOOP
        EXECUTE replace(pg_get_functiondef(f), 'FOR NO KEY UPDATE', 'FOR UPDATE');
    END LOOP;
END
$$;
-- +goose StatementEnd
