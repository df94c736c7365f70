-- name: MasterKeys :many
SELECT name, check_value, retired_at FROM master_key ORDER BY added_at, name;

-- name: AddMasterKey :execrows
INSERT INTO master_key (name, check_value) VALUES (@name, @check_value) ON CONFLICT (name) DO NOTHING;

-- name: UseMasterKey :one
-- Shared with everybody who wraps a data key with it, and held until the
-- transaction ends: rotation waits for them before it retires a master key.
SELECT check_value, retired_at FROM master_key WHERE name = @name FOR SHARE;

-- name: RetireMasterKey :execrows
-- Not one that a data key is still wrapped with.
UPDATE master_key SET retired_at = clock_timestamp()
WHERE name = @name AND retired_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM incident_key k WHERE k.master = @name AND k.wrapped IS NOT NULL);

-- name: LockMasterKey :one
SELECT retired_at FROM master_key WHERE name = @name FOR UPDATE;

-- name: ReviveMasterKey :exec
-- For one that was rotated away and is the newest in the key file again.
UPDATE master_key SET retired_at = NULL WHERE name = @name;

-- name: InsertIncidentKey :exec
INSERT INTO incident_key (incident_id, master, wrapped) VALUES (@incident_id, @master, @wrapped);

-- name: IncidentKey :one
SELECT master, wrapped, shredded_at FROM incident_key WHERE incident_id = @incident_id;

-- name: IncidentKeys :many
-- Whose data key is wrapped by another master key than this one.
SELECT incident_id, master, wrapped FROM incident_key WHERE wrapped IS NOT NULL AND master <> @master ORDER BY incident_id;

-- name: RewrapIncidentKey :execrows
-- Nothing, when somebody else has wrapped or destroyed it meanwhile.
UPDATE incident_key SET master = @master, wrapped = @wrapped, wrapped_at = clock_timestamp()
WHERE incident_id = @incident_id AND wrapped = @was;

-- name: KeyUse :many
-- How many data keys each master key wraps.
SELECT m.name, m.check_value, m.retired_at, count(k.incident_id) AS incidents
FROM master_key m LEFT JOIN incident_key k ON k.master = m.name AND k.wrapped IS NOT NULL
GROUP BY m.name ORDER BY m.added_at, m.name;

-- name: ShredIncidentKey :execrows
UPDATE incident_key SET wrapped = NULL, shredded_at = @shredded_at WHERE incident_id = @incident_id AND wrapped IS NOT NULL;

-- name: RetainedIncidents :many
-- What is kept of each incident that is closed: its key, and whether it is destroyed.
SELECT i.id, i.closed_on, i.findings, k.shredded_at FROM incident i JOIN incident_key k ON k.incident_id = i.id
WHERE i.closed_on IS NOT NULL ORDER BY i.closed_on, i.id;
