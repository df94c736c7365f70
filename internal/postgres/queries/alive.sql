-- name: SignOfLife :exec
INSERT INTO worker_sign (worker, queue, worked_at, problem, ended, build, tables, changes)
VALUES (@worker, @queue, CASE WHEN @problem::text = '' THEN clock_timestamp() END, @problem::text, @ended, @build, @tables, @changes)
ON CONFLICT (worker) DO UPDATE SET seen_at = clock_timestamp(), problem = EXCLUDED.problem, ended = EXCLUDED.ended,
    worked_at = coalesce(EXCLUDED.worked_at, worker_sign.worked_at);

-- name: LockRelease :one
-- Who takes changes up and who comes with an older program see each other.
SELECT changes, tables FROM release FOR UPDATE;

-- name: TakeUpChanges :one
-- What every worker knows that may still take work.
UPDATE release SET changes = greatest(release.changes, (
    SELECT coalesce(min(w.changes), 0) FROM worker_sign w
    WHERE NOT w.ended AND w.seen_at > clock_timestamp() - make_interval(secs => @quiet_seconds::double precision)))
RETURNING changes;

-- name: WorkersAtWork :many
SELECT build, tables, changes, count(*)::integer AS workers FROM worker_sign
WHERE queue = @queue AND NOT ended AND seen_at > clock_timestamp() - make_interval(secs => @quiet_seconds::double precision)
GROUP BY build, tables, changes ORDER BY tables DESC, changes DESC, build;

-- name: TakenUp :one
SELECT changes FROM release;

-- name: EndSign :exec
-- Ended in good order: what it last said of its work stays.
UPDATE worker_sign SET ended = true WHERE worker = @worker;

-- name: ForgetSigns :exec
DELETE FROM worker_sign w WHERE w.queue = @queue AND w.seen_at < clock_timestamp() - interval '7 days'
    AND w.worker <> (SELECT l.worker FROM worker_sign l WHERE l.queue = @queue ORDER BY l.seen_at DESC LIMIT 1);

-- name: Watch :one
SELECT coalesce(bool_or(NOT ended AND problem = '' AND seen_at > clock_timestamp() - make_interval(secs => @fresh_seconds::double precision)), false)::boolean AS working,
    coalesce(max(worked_at), 'epoch')::timestamptz AS worked_at,
    coalesce((array_agg(problem ORDER BY seen_at DESC))[1], '')::text AS problem,
    coalesce((array_agg(ended ORDER BY seen_at DESC))[1], false)::boolean AS ended
FROM worker_sign WHERE queue = @queue;

-- name: NoteTrouble :exec
INSERT INTO trouble (incident_id, practice_key, step, part, stopped, what, todo)
VALUES (@incident_id, @practice_key, @step, @part, @stopped, @what, @todo)
ON CONFLICT (incident_id, practice_key, step, part) DO UPDATE SET last_seen = clock_timestamp(), times = trouble.times + 1,
    stopped = EXCLUDED.stopped, what = EXCLUDED.what, todo = EXCLUDED.todo;

-- name: ClearTrouble :exec
-- With an empty step everything of the practice, or of the incident, but for alarms:
-- whoever moved a payload to close a case would take back with it that they were seen.
DELETE FROM trouble WHERE incident_id = @incident_id AND practice_key = @practice_key
    AND (@step::text = '' AND step <> ALL(@alarms::text[]) OR step = @step AND part = @part);

-- name: ClearIncidentTroubles :exec
DELETE FROM trouble WHERE incident_id = @incident_id AND step <> ALL(@alarms::text[]);

-- name: ClearOtherParts :exec
-- What is not among the parts given has passed.
DELETE FROM trouble WHERE incident_id = @incident_id AND step = @step AND part <> ALL(@parts::text[]);

-- name: TroublesOf :many
SELECT * FROM trouble WHERE step = @step ORDER BY incident_id, practice_key, part;

-- name: Troubles :many
-- Those that did not pass by themselves in a moment: of one incident and of none,
-- or of all.
SELECT t.* FROM trouble t
WHERE (@incident_id::text = '' OR t.incident_id IN ('', @incident_id))
    AND (t.stopped OR t.times > 2 OR t.since < clock_timestamp() - interval '10 seconds')
    AND (t.step = ANY(@alarms::text[])
        OR NOT EXISTS (SELECT FROM practice p WHERE p.incident_id = t.incident_id AND p.practice_key = t.practice_key AND p.closed_on IS NOT NULL))
ORDER BY t.since, t.incident_id, t.practice_key, t.step, t.part;

-- name: ForgetAlarms :exec
DELETE FROM trouble WHERE step = ANY(@alarms::text[]) AND last_seen < clock_timestamp() - make_interval(days => @days::integer);

-- name: OpenIncidents :many
SELECT id, phase FROM incident WHERE phase <> 'closed' ORDER BY id;

-- name: ClaimStorage :exec
INSERT INTO storage (id) VALUES (@id) ON CONFLICT DO NOTHING;

-- name: StorageID :one
SELECT coalesce(max(id), '')::text FROM storage;

-- name: ReopenPractice :execrows
UPDATE practice SET phase = 'starting', closed_on = NULL, closed_why = ''
WHERE incident_id = @incident_id AND practice_key = @practice_key AND closed_on IS NOT NULL;

-- name: CloseIncident :execrows
-- Not while a practice is open, and never a second time: the day stays.
UPDATE incident SET phase = 'closed', closed_on = @closed_on
WHERE incident.id = @id AND phase <> 'closed'
    AND NOT EXISTS (SELECT FROM practice p WHERE p.incident_id = incident.id AND p.closed_on IS NULL);

-- name: Clock :one
SELECT clock_timestamp()::timestamptz;
