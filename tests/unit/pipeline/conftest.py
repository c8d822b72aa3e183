"""The publish protocol runs on both databases."""


def pytest_generate_tests(metafunc):
    if "url" in metafunc.fixturenames and metafunc.module.__name__.endswith("test_publish"):
        metafunc.parametrize("url", ["sqlite", "postgresql"], indirect=True)
