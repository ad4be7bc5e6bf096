"""Alternative provision (AP) for children without a plan: how many come, how long they stay, what places that takes."""
