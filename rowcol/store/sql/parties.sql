SELECT p.business_id, p.entity AS party_kind, p.qbo_id AS party_id, p.name, p.active, p.parent_id,
    p.bill_with_parent, p.email, p.phone, p.created_at
FROM {parties} p
ORDER BY p.business_id, p.entity, p.qbo_id
