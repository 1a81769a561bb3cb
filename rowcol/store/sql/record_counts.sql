SELECT r.business_id, r.entity, count(*) AS records FROM {mirror_records} r
WHERE r.deleted_at IS NULL
GROUP BY r.business_id, r.entity
