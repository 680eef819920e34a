"""What is looked for in what people and the model say, and the policy that says what follows.

Used by the worker before and while it answers, by handlers, and by the dashboard to try a policy.
"""
