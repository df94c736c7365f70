-- +goose Up
-- Earlier programs: may run beside these tables.

-- What status counts of each practice, in a row of a hundred bytes. A row of practice has
-- a thousand and more, and each of its counts was read from all of them, or from the
-- duties, messages and pages of all of them. Triggers keep it, whoever changes what is
-- counted: an earlier program, or somebody by hand. TestCountsAreWhatARecountSays.
CREATE TABLE practice_count (
    practice_id   integer PRIMARY KEY REFERENCES practice ON DELETE CASCADE,
    incident_id   text NOT NULL,
    practice_key  text COLLATE "C" NOT NULL,
    -- As in practice.
    phase         text NOT NULL,
    phase_since   timestamptz NOT NULL,
    people        integer NOT NULL,
    findings      integer NOT NULL,
    next_due      date,
    late_at       timestamptz,
    planned_at    timestamptz,
    closed        boolean NOT NULL,
    waits         boolean NOT NULL,
    has_notice    boolean NOT NULL,
    email_stopped boolean NOT NULL,
    -- Of its duties that were not dropped: the notices to it that are open, what was done
    -- after its day and by how many days, and what summary.json counts.
    notices_owed  integer NOT NULL DEFAULT 0,
    done_late     integer NOT NULL DEFAULT 0,
    days_late     integer NOT NULL DEFAULT 0,
    immediate     integer NOT NULL DEFAULT 0,
    annual        integer NOT NULL DEFAULT 0,
    media         integer NOT NULL DEFAULT 0,
    regulators    integer NOT NULL DEFAULT 0,
    -- The state of the latest e-mail of its notice, '' for none, and whether it could not
    -- be handed over.
    notice        text NOT NULL DEFAULT '',
    stopped       boolean NOT NULL DEFAULT false,
    -- Its page.
    page          boolean NOT NULL DEFAULT false,
    opened        boolean NOT NULL DEFAULT false,
    answered      boolean NOT NULL DEFAULT false,
    codes_ended   boolean NOT NULL DEFAULT false,
    -- Only its first columns are ever looked for, so that a change stays on its page.
    UNIQUE (incident_id, practice_key)
) WITH (fillfactor = 80);

-- The functions are their owner's: nobody else writes into the table.
-- +goose StatementBegin
CREATE FUNCTION count_new_practices() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.practice_count (practice_id, incident_id, practice_key, phase, phase_since, people, findings, next_due, late_at, planned_at, closed, waits, has_notice, email_stopped)
    SELECT id, incident_id, practice_key, phase, phase_since, people, findings, next_due, late_at, first_planned_at, closed_on IS NOT NULL, needs_person <> '', has_notice, email_stopped <> ''
    FROM after_rows;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION count_practice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.practice_count SET phase = NEW.phase, phase_since = NEW.phase_since, people = NEW.people, findings = NEW.findings,
        next_due = NEW.next_due, late_at = NEW.late_at, planned_at = NEW.first_planned_at, closed = NEW.closed_on IS NOT NULL, waits = NEW.needs_person <> '',
        has_notice = NEW.has_notice, email_stopped = NEW.email_stopped <> ''
    WHERE practice_id = NEW.id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- Counts the duties of practices anew.
-- +goose StatementBegin
CREATE FUNCTION count_duties(practices integer[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Held before they are counted: of two transactions that changed duties of the same
    -- practice the second one counts those of the first too.
    PERFORM FROM public.practice_count WHERE practice_id = ANY (practices) ORDER BY practice_id FOR NO KEY UPDATE;
    UPDATE public.practice_count c SET notices_owed = n.notices_owed, done_late = n.done_late, days_late = n.days_late,
        immediate = n.immediate, annual = n.annual, media = n.media, regulators = n.regulators
    FROM (
        SELECT k.practice_id, count(*) FILTER (WHERE o.kind = 'covered_entity_notice' AND o.settled_on IS NULL) AS notices_owed,
            count(*) FILTER (WHERE o.settled_on > o.due) AS done_late,
            coalesce(sum(o.settled_on - o.due) FILTER (WHERE o.settled_on > o.due), 0) AS days_late,
            count(*) FILTER (WHERE o.kind = 'hhs_notice' AND o.form = 'immediate') AS immediate,
            count(*) FILTER (WHERE o.kind = 'hhs_notice' AND o.form = 'annual_log') AS annual,
            count(*) FILTER (WHERE o.kind = 'media_notice') AS media,
            count(*) FILTER (WHERE o.kind = 'regulator_notice') AS regulators
        FROM (SELECT DISTINCT unnest(practices) AS practice_id) k LEFT JOIN public.obligation o ON o.practice_id = k.practice_id AND NOT o.dropped
        GROUP BY k.practice_id
    ) n
    WHERE c.practice_id = n.practice_id AND (c.notices_owed, c.done_late, c.days_late, c.immediate, c.annual, c.media, c.regulators)
        IS DISTINCT FROM (n.notices_owed, n.done_late, n.days_late, n.immediate, n.annual, n.media, n.regulators);
END
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION count_some_duties() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM public.count_duties((SELECT array_agg(DISTINCT practice_id) FROM some_rows));
    RETURN NULL;
END
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION count_changed_duty() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM public.count_duties(ARRAY[OLD.practice_id, NEW.practice_id]);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- The latest e-mail of a practice's notice.
-- +goose StatementBegin
CREATE FUNCTION count_notice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.practice_count c SET notice = NEW.state, stopped = NEW.state = 'intended' AND NEW.detail <> ''
    WHERE c.incident_id = NEW.incident_id AND c.practice_key = NEW.practice_key
        AND NOT EXISTS (SELECT FROM public.outbox x WHERE x.incident_id = NEW.incident_id AND x.practice_key = NEW.practice_key AND x.step = NEW.step AND x.attempt > NEW.attempt);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION count_page() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.practice_count SET page = true, opened = NEW.opened_at IS NOT NULL, answered = NEW.answered_at IS NOT NULL, codes_ended = NEW.wrong >= 10
    WHERE practice_id = NEW.practice_id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER practice_is_counted AFTER INSERT ON practice
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION count_new_practices();
-- A step changes most practices' rows without changing what is counted.
CREATE TRIGGER practice_count_moves AFTER UPDATE ON practice FOR EACH ROW
    WHEN ((OLD.phase, OLD.phase_since, OLD.people, OLD.findings, OLD.next_due, OLD.late_at, OLD.first_planned_at, OLD.closed_on IS NULL, OLD.needs_person = '', OLD.has_notice, OLD.email_stopped = '')
        IS DISTINCT FROM (NEW.phase, NEW.phase_since, NEW.people, NEW.findings, NEW.next_due, NEW.late_at, NEW.first_planned_at, NEW.closed_on IS NULL, NEW.needs_person = '', NEW.has_notice, NEW.email_stopped = ''))
    EXECUTE FUNCTION count_practice();
CREATE TRIGGER duty_is_counted AFTER INSERT ON obligation
    REFERENCING NEW TABLE AS some_rows FOR EACH STATEMENT EXECUTE FUNCTION count_some_duties();
CREATE TRIGGER duty_is_gone AFTER DELETE ON obligation
    REFERENCING OLD TABLE AS some_rows FOR EACH STATEMENT EXECUTE FUNCTION count_some_duties();
CREATE TRIGGER duty_count_moves AFTER UPDATE ON obligation FOR EACH ROW
    WHEN ((OLD.practice_id, OLD.kind, OLD.form, OLD.due, OLD.settled_on, OLD.dropped) IS DISTINCT FROM (NEW.practice_id, NEW.kind, NEW.form, NEW.due, NEW.settled_on, NEW.dropped))
    EXECUTE FUNCTION count_changed_duty();
CREATE TRIGGER notice_is_counted AFTER INSERT OR UPDATE OF state, detail ON outbox FOR EACH ROW
    WHEN (NEW.step = 'practice_notice') EXECUTE FUNCTION count_notice();
CREATE TRIGGER page_is_counted AFTER INSERT OR UPDATE OF opened_at, answered_at, wrong ON page_practice FOR EACH ROW EXECUTE FUNCTION count_page();

-- What practice_count has to be for an incident, counted from everything.
-- +goose StatementBegin
CREATE FUNCTION counted_anew(incident text) RETURNS SETOF practice_count
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.id, p.incident_id, p.practice_key, p.phase, p.phase_since, p.people, p.findings, p.next_due, p.late_at, p.first_planned_at,
        p.closed_on IS NOT NULL, p.needs_person <> '', p.has_notice, p.email_stopped <> '',
        coalesce(d.notices_owed, 0)::integer, coalesce(d.done_late, 0)::integer, coalesce(d.days_late, 0)::integer, coalesce(d.immediate, 0)::integer,
        coalesce(d.annual, 0)::integer, coalesce(d.media, 0)::integer, coalesce(d.regulators, 0)::integer,
        coalesce(n.state, ''), coalesce(n.state = 'intended' AND n.detail <> '', false),
        g.practice_id IS NOT NULL, g.opened_at IS NOT NULL, g.answered_at IS NOT NULL, coalesce(g.wrong >= 10, false)
    FROM practice p LEFT JOIN page_practice g ON g.practice_id = p.id
    LEFT JOIN (
        SELECT o.practice_id, count(*) FILTER (WHERE o.kind = 'covered_entity_notice' AND o.settled_on IS NULL) AS notices_owed,
            count(*) FILTER (WHERE o.settled_on > o.due) AS done_late, sum(o.settled_on - o.due) FILTER (WHERE o.settled_on > o.due) AS days_late,
            count(*) FILTER (WHERE o.kind = 'hhs_notice' AND o.form = 'immediate') AS immediate,
            count(*) FILTER (WHERE o.kind = 'hhs_notice' AND o.form = 'annual_log') AS annual,
            count(*) FILTER (WHERE o.kind = 'media_notice') AS media, count(*) FILTER (WHERE o.kind = 'regulator_notice') AS regulators
        FROM obligation o JOIN practice q ON q.id = o.practice_id WHERE q.incident_id = incident AND NOT o.dropped GROUP BY o.practice_id
    ) d ON d.practice_id = p.id
    LEFT JOIN (SELECT DISTINCT ON (x.practice_key) x.practice_key, x.state, x.detail FROM outbox x
        WHERE x.incident_id = incident AND x.step = 'practice_notice' ORDER BY x.practice_key, x.attempt DESC) n ON n.practice_key = p.practice_key
    WHERE p.incident_id = incident
$$;
-- +goose StatementEnd

-- Counts an incident anew where what is kept differs, and returns the keys of the practices
-- of which it did. Triggers leave nothing to it; whoever switched them off does.
-- +goose StatementBegin
CREATE FUNCTION recount_practices(incident text) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Both in one statement, so as of one moment.
    IF NOT EXISTS (SELECT FROM public.counted_anew(incident) t LEFT JOIN public.practice_count c ON c.practice_id = t.practice_id WHERE c IS DISTINCT FROM t) THEN
        RETURN;
    END IF;
    -- Whoever changes something counted has a lock that this one waits for, or waits itself.
    LOCK TABLE public.practice_count IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM public.practice_count c USING public.counted_anew(incident) t WHERE c.practice_id = t.practice_id AND c IS DISTINCT FROM t;
    RETURN QUERY INSERT INTO public.practice_count SELECT t.* FROM public.counted_anew(incident) t
        WHERE NOT EXISTS (SELECT FROM public.practice_count c WHERE c.practice_id = t.practice_id) RETURNING public.practice_count.practice_key::text;
END
$$;
-- +goose StatementEnd

-- What is there already.
INSERT INTO practice_count SELECT t.* FROM incident i CROSS JOIN LATERAL counted_anew(i.id) t;

-- Whose each line of the account is, in the line: whether somebody may see it was looked
-- up in practice for each of them, and how many there are was counted by way of it.
ALTER TABLE account ADD COLUMN incident_id text, ADD COLUMN practice_key text COLLATE "C";
UPDATE account a SET incident_id = p.incident_id, practice_key = p.practice_key FROM practice p WHERE p.id = a.practice_id;
ALTER TABLE account ALTER COLUMN incident_id SET NOT NULL, ALTER COLUMN practice_key SET NOT NULL;
CREATE INDEX account_of_incident ON account (incident_id);
-- +goose StatementBegin
CREATE FUNCTION account_belongs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT p.incident_id, p.practice_key INTO NEW.incident_id, NEW.practice_key FROM public.practice_count p WHERE p.practice_id = NEW.practice_id;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER account_belongs BEFORE INSERT ON account FOR EACH ROW EXECUTE FUNCTION account_belongs();

-- A plan made for an empty table would take minutes over a full one.
ANALYZE practice_count, account;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION learn_sizes() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE finding, practice, practice_count, account, approval, piece;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION learn_sizes() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE finding, practice, approval, piece;
END
$$;
-- +goose StatementEnd
DROP TRIGGER account_belongs ON account;
DROP FUNCTION account_belongs;
ALTER TABLE account DROP COLUMN practice_key, DROP COLUMN incident_id;
DROP TRIGGER page_is_counted ON page_practice;
DROP TRIGGER notice_is_counted ON outbox;
DROP TRIGGER duty_count_moves ON obligation;
DROP TRIGGER duty_is_gone ON obligation;
DROP TRIGGER duty_is_counted ON obligation;
DROP TRIGGER practice_count_moves ON practice;
DROP TRIGGER practice_is_counted ON practice;
DROP FUNCTION recount_practices, counted_anew, count_page, count_notice, count_changed_duty, count_some_duties, count_duties, count_practice, count_new_practices;
DROP TABLE practice_count;
