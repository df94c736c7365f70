-- name: SavedPlan :one
SELECT plan_sha256, decision_sha256, standing_of FROM practice WHERE incident_id = @incident_id AND practice_key = @practice_key;

-- name: Obligations :many
SELECT * FROM obligation WHERE practice_id = @practice_id ORDER BY position;

-- name: SaveObligation :batchexec
INSERT INTO obligation (practice_id, obligation_id, position, rule, kind, regime, jurisdiction, recipient, form, count,
    trigger, clock, due, not_before, citation, why, confidence, settled_on, due_ends)
VALUES (@practice_id, @obligation_id, @position, @rule, @kind, @regime, @jurisdiction, @recipient, @form, @count,
    @trigger, @clock, @due, @not_before, @citation, @why, @confidence, @settled_on, @due_ends)
ON CONFLICT (practice_id, obligation_id) DO UPDATE SET
    position = EXCLUDED.position, rule = EXCLUDED.rule, kind = EXCLUDED.kind, regime = EXCLUDED.regime,
    jurisdiction = EXCLUDED.jurisdiction, recipient = EXCLUDED.recipient, form = EXCLUDED.form, count = EXCLUDED.count,
    trigger = EXCLUDED.trigger, clock = EXCLUDED.clock, due = EXCLUDED.due, not_before = EXCLUDED.not_before,
    citation = EXCLUDED.citation, why = EXCLUDED.why, confidence = EXCLUDED.confidence,
    settled_on = EXCLUDED.settled_on, due_ends = EXCLUDED.due_ends, dropped = false,
    -- Warnings of another due day do not count for this one.
    stage = CASE WHEN obligation.due IS DISTINCT FROM EXCLUDED.due OR obligation.dropped THEN '' ELSE obligation.stage END;

-- name: DutiesEverOwed :many
-- Every obligation that the practices ever had, with how often it was changed and
-- the last day it had before its present one.
SELECT p.practice_key, sqlc.embed(o), (SELECT count(*) FROM obligation_change c
        WHERE c.practice_id = o.practice_id AND c.obligation_id = o.obligation_id)::integer AS changes,
    (SELECT c.old_due FROM obligation_change c
        WHERE c.practice_id = o.practice_id AND c.obligation_id = o.obligation_id AND c.what IN ('moved', 'dropped') AND c.old_due IS NOT NULL
        ORDER BY c.seq DESC LIMIT 1)::date AS due_before
FROM obligation o JOIN practice p ON p.id = o.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = ANY(@practice_keys::text[])
ORDER BY p.practice_key, o.dropped, o.position, o.obligation_id;

-- name: PracticesFacts :many
-- What is known of practices of an incident, in key order.
SELECT practice_key, facts FROM practice WHERE incident_id = @incident_id AND practice_key = ANY(@practice_keys::text[]) ORDER BY practice_key;

-- name: DropObligations :exec
UPDATE obligation SET dropped = true WHERE practice_id = @practice_id AND obligation_id = ANY(@obligation_ids::text[]);

-- name: InsertChange :batchexec
INSERT INTO obligation_change (practice_id, obligation_id, what, old_due, new_due)
VALUES (@practice_id, @obligation_id, @what, @old_due, @new_due);

-- name: SavePlan :exec
UPDATE practice SET plan_sha256 = @plan_sha256, decision_sha256 = @decision_sha256, rulebook_version = @rulebook_version, rulebook_sha256 = @rulebook_sha256,
    discovered = @discovered, notifiable = @notifiable, reason = @reason,
    phase = @phase, needs_person = @needs_person, printable = @printable, standing_of = @standing_of, standing_seal = @standing_seal, late_at = @late_at, next_due = @next_due, email_stopped = @email_stopped, posting_url = @posting_url,
    warnings = @warnings, left_group = @left_group, group_untold = group_untold OR left_group <> @left_group,
    first_planned_at = coalesce(first_planned_at, clock_timestamp())
WHERE id = @id;

-- name: NoteTold :exec
-- Keeps with each duty that a record is about the number that was told: the
-- record's own where it has one, else the duty's as it stands in the plan.
UPDATE obligation o SET told = CASE WHEN @number::integer > 0 THEN @number::integer ELSE o.count END
FROM practice p
WHERE p.id = o.practice_id AND p.incident_id = @incident_id AND (@practice_key::text = '' OR p.practice_key = @practice_key)
    AND o.kind = ANY(@kinds::text[]) AND NOT o.dropped AND o.form <> ALL(@not_forms::text[])
    AND (@regime::text = '' OR o.regime = @regime)
    AND (@everywhere::boolean OR o.jurisdiction = ANY(@places::text[])
        OR o.jurisdiction || ':' || split_part(o.rule, '.regulator.', 2) = ANY(@places)
        OR (o.form = 'department' AND o.jurisdiction || ':public_health' = ANY(@places)));

-- name: SaveStage :many
-- Returns the due day it warns of, when that is news.
WITH current AS (
    SELECT o.practice_id, o.obligation_id, o.due
    FROM obligation o JOIN practice p ON p.id = o.practice_id
    WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key
        AND o.obligation_id = @obligation_id AND NOT o.dropped
), noted AS (
    INSERT INTO obligation_stage (practice_id, obligation_id, due, stage, at)
    -- A reminder of a duty without a due day stands under the end of time.
    SELECT practice_id, obligation_id, coalesce(due, 'infinity'), @stage, @at FROM current
    ON CONFLICT DO NOTHING RETURNING practice_id, obligation_id
)
UPDATE obligation SET stage = @stage FROM noted
WHERE obligation.practice_id = noted.practice_id AND obligation.obligation_id = noted.obligation_id
RETURNING obligation.due;

-- name: AgenciesToTell :many
-- The agencies that an incident's practices, or one of them, have to tell, and
-- whether some practice has not yet.
SELECT o.rule, o.jurisdiction, o.form, max(o.count)::integer AS count, bool_or(o.settled_on IS NULL)::boolean AS open
FROM obligation o JOIN practice p ON p.id = o.practice_id
WHERE p.incident_id = @incident_id AND (@practice_key::text = '' OR p.practice_key = @practice_key)
    AND o.kind = ANY(@kinds::text[]) AND NOT o.dropped
GROUP BY o.rule, o.jurisdiction, o.form ORDER BY o.jurisdiction, o.rule;
