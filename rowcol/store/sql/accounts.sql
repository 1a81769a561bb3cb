SELECT a.business_id, a.qbo_id AS account_id, a.name, a.full_name, a.account_type, a.account_sub_type, a.active,
    a.currency, a.balance_cents
FROM {balances} a
ORDER BY a.business_id, a.qbo_id
