"""How often the models that come with Portico are right, on sentences whose labels people gave."""
