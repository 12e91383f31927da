//! The example on a resource's page: one call of one of its operations, which does no harm to whoever tries it.

use super::context::Context;
use super::values::Values;
use super::{docs, types};
use crate::model::{Answer, History, Operation, OperationKind, QueryOption};
use crate::tree::{Example, Printed, Ty};

/// The example of a resource: a list if it has one, or else what takes the least to call.
pub(super) fn of(context: &Context<'_>, operations: &[&History<Operation>]) -> Option<Example> {
    let present = operations.iter().filter(|it| docs::deprecation(context, it).is_none());
    let shown = present.min_by_key(|it| {
        let values = Values::of(context, it).required.len();
        (rank(it, values), values)
    })?;
    Some(example(context, shown))
}

/// The kinds of operations as they serve as an example, the best first: those that only read, and those
/// whose values say what they change. An action without values does all that it can, such as to purge all logs.
fn rank(operation: &Operation, values: usize) -> u8 {
    match operation.kind {
        OperationKind::List => 0,
        OperationKind::Get => 1,
        OperationKind::Function | OperationKind::Navigation if !operation.is_file() => {
            if matches!(operation.answer, Answer::Collection { .. }) { 2 } else { 3 }
        }
        OperationKind::Action if values == 0 => 5,
        OperationKind::Delete => 6,
        _ => 4,
    }
}

fn example(context: &Context<'_>, operation: &History<Operation>) -> Example {
    let (names, values) = (context.names, Values::of(context, operation));
    let name = names.operation(&operation.id);
    let arguments = values.required.iter().map(|it| (it.name.clone(), context.ty(&it.ty)));
    Example {
        resource: names.resource(&operation.resource).module.clone(),
        method: name.method.clone(),
        by_struct: values.by_struct().then(|| name.ident.clone()),
        arguments: arguments.collect(),
        has_top: operation.variants().all(|(it, _)| it.options.contains(&QueryOption::Top)),
        printed: match types::output(names, operation) {
            Ty::Unit => Printed::Nothing,
            Ty::Runtime("Page", _) => Printed::Rows,
            _ => Printed::Whole,
        },
    }
}
