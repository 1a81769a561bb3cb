WITH named AS (
    SELECT p.business_id, p.entity AS party_kind, p.qbo_id AS party_id, p.name, p.created_at,
        regexp_replace(upper(p.name), '[^\p{L}\p{N}]', '', 'g') AS letters
    FROM {parties} p
    WHERE p.active
)
SELECT n.business_id, n.party_kind, n.party_id, n.name, n.created_at FROM named n WHERE n.letters <> ''
QUALIFY count(*) OVER (PARTITION BY n.business_id, n.party_kind, n.letters) > 1
ORDER BY n.business_id, n.party_kind, n.party_id
