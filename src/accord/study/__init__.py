"""Running worlds through lenses: findings, scenarios, differences, explanations."""
