"""Takes every assert out of the cells that come after it. expect: check_failed"""
import ast


class Without(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)


get_ipython().ast_transformers.append(Without())
