-- name: InsertAct :one
-- No row when it is there. An act that no workflow carried out is of the session it is written in.
INSERT INTO act (incident_id, id, practice_key, kind, who, identity, at, terms)
VALUES (@incident_id, @id, @practice_key, @kind, @who,
    coalesce(nullif(@identity::text, ''), current_setting('duenotice.identity', true), ''), @at, @terms)
ON CONFLICT (incident_id, id) DO NOTHING RETURNING identity;

-- name: ActIsThere :one
SELECT EXISTS (SELECT 1 FROM act WHERE incident_id = @incident_id AND id = @id);

-- name: Acts :many
SELECT id, practice_key, kind, who, identity, at, terms FROM act
WHERE incident_id = @incident_id AND (@practice_key::text = '' OR practice_key IN ('', @practice_key::text))
ORDER BY seq;

-- name: InsertApproval :exec
INSERT INTO approval (practice_id, papers_sha256, person, who, at, act_id)
VALUES (@practice_id, @papers_sha256, @person, @who, @at, @act_id)
ON CONFLICT DO NOTHING;

-- name: LockWaiting :exec
-- In key order, as everybody who locks several practices does.
SELECT id FROM practice WHERE incident_id = @incident_id AND phase = 'waiting approval' ORDER BY id FOR NO KEY UPDATE;

-- name: FirstSigned :one
-- Under which name an identity first approved or assessed in an incident.
SELECT who FROM act WHERE incident_id = @incident_id AND identity = @identity AND kind IN ('approve', 'assess') ORDER BY seq LIMIT 1;

-- name: Approvers :many
SELECT DISTINCT who FROM act WHERE incident_id = @incident_id AND kind = 'approve' ORDER BY who;

-- name: Waiting :many
-- What waits for one more approval, and for this person's: of none of the names that are theirs.
SELECT p.id, p.practice_key, p.facts, p.people, p.tally, p.papers_sha256, v.approved_by::text[] AS approved_by,
    coalesce((SELECT sum(c.people) FROM account c WHERE c.practice_id = p.id AND c.state = @waiting), 0)::integer AS letters
FROM practice p CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(a.who ORDER BY a.at, a.person), '{}') AS approved_by,
        coalesce(bool_or(a.who = ANY(@own_names::text[])), false) AS own
    FROM approval a WHERE a.practice_id = p.id AND a.papers_sha256 = p.papers_sha256
) v
WHERE p.incident_id = @incident_id AND p.phase = 'waiting approval' AND p.papers_sha256 <> ''
    AND NOT v.own AND cardinality(v.approved_by) < @needed::integer
ORDER BY p.practice_key;

-- name: ApproveEach :exec
INSERT INTO approval (practice_id, papers_sha256, person, who, at, act_id)
SELECT id, papers_sha256, @person, @who, @at, @act_id FROM practice WHERE id = ANY(@practice_ids::integer[]);

-- name: ApprovalsOfAct :one
SELECT count(*) FROM approval a JOIN practice p ON p.id = a.practice_id
WHERE p.incident_id = @incident_id AND a.act_id = @act_id;

-- name: ActsOfKinds :many
-- Acts on the whole incident, of some kinds.
SELECT id, kind, who, at, terms FROM act
WHERE incident_id = @incident_id AND practice_key = '' AND kind = ANY(@kinds::text[]) ORDER BY seq;

-- name: FirstRecorded :many
-- The earliest day of each fact, whichever practice it was recorded for. That a
-- practice had been told already stands in practices.csv too.
SELECT coalesce(a.terms #>> '{Record,Fact,fact}', '')::text AS kind, coalesce(a.terms #>> '{Record,Fact,jurisdiction}', '')::text AS jurisdiction,
    min(a.terms #>> '{Record,Fact,on}')::date AS first_on
FROM act a WHERE a.incident_id = @incident_id AND a.kind = 'record' GROUP BY 1, 2
UNION ALL
SELECT 'practice_notified', '', min(p.facts ->> 'notified_on')::date FROM practice p
WHERE p.incident_id = @incident_id AND coalesce(p.facts ->> 'notified_on', '') <> '' HAVING count(*) > 0;

-- name: ToldByEach :many
-- What single practices are recorded to have told, or we for them, in order.
SELECT practice_key, (terms #> '{Record,Fact}')::jsonb AS fact FROM act
WHERE incident_id = @incident_id AND practice_key <> '' AND kind = 'record' AND coalesce(terms #>> '{Record,Fact,sender}', '') <> ''
ORDER BY seq;
