-- name: Grants :many
-- Who holds which role now, as far as the session's role reaches.
SELECT identity, name, role, incident_id, practice_key FROM (
    SELECT DISTINCT ON (identity, role, incident_id, practice_key) identity, name, role, incident_id, practice_key, granted
    FROM person_role ORDER BY identity, role, incident_id, practice_key, seq DESC
) held
WHERE granted ORDER BY identity, role, incident_id, practice_key;

-- name: RoleChanges :many
SELECT identity, name, role, incident_id, practice_key, granted, who, by_identity, at FROM person_role ORDER BY seq;

-- name: LockGrants :exec
-- Changes of roles take turns: whether somebody is the last officer is asked of all of them.
SELECT lock_grants();

-- name: InsertRoleChange :exec
-- by_identity and login are the session's (migration 170).
INSERT INTO person_role (identity, name, role, incident_id, practice_key, granted, who, at)
VALUES (@identity, @name, @role, @incident_id, @practice_key, @granted, @who, @at);

-- name: SayWhose :exec
-- Whose the rest of the transaction is, unless the session says so itself: whoever
-- opened it for somebody did.
SELECT set_config('duenotice.identity', coalesce(nullif(current_setting('duenotice.identity', true), ''), @identity::text), true);

-- name: InsertActRequest :exec
-- account and login are the session's.
INSERT INTO act_request (incident_id, practice_key, request_sha256) VALUES (@incident_id, @practice_key, @request_sha256);

-- name: RequestsOfAct :many
-- In whose sessions an act was asked for, the newest first. In a database
-- without roles every login is the program's; one that is gone is nobody's.
SELECT account, login, (to_regrole('duenotice_app') IS NULL
    OR coalesce(pg_has_role(to_regrole(quote_ident(login))::oid, to_regrole('duenotice_app')::oid, 'MEMBER'), false))::boolean AS program
FROM act_request WHERE incident_id = @incident_id AND practice_key = @practice_key AND request_sha256 = @request_sha256 ORDER BY seq DESC;

-- name: NarrowTo :exec
-- The rest of the transaction is about one practice: patients' rows of others are not there.
SELECT set_config('duenotice.incident', @incident_id::text, true), set_config('duenotice.practice', @incident_id::text || ':' || @practice_key::text, true);

-- name: InsertReveal :exec
-- by_identity, login and at are the session's.
INSERT INTO reveal (incident_id, practice_key, practice_id, person_key, reason, who)
VALUES (@incident_id, @practice_key, @practice_id, @person_key, @reason, @who);

-- name: InsertSearch :exec
-- by_identity, login and at are the session's.
INSERT INTO person_search (incident_id, name_hash, reason, who) VALUES (@incident_id, @name_hash, @reason, @who);

-- name: Reveals :many
SELECT practice_key, person_key, reason, who, by_identity, at FROM reveal WHERE incident_id = @incident_id ORDER BY seq;

-- name: PersonOfPractice :one
SELECT sqlc.embed(f) FROM finding f WHERE f.practice_id = @practice_id AND f.person_key = @person_key;
